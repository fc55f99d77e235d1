// The main job with connect-go: upload a model, run a task, follow it over a broken connection.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"google.golang.org/genproto/googleapis/api/httpbody"
	"google.golang.org/genproto/googleapis/rpc/errdetails"

	"predictd-examples/settings"
	predictdv1 "predictd/sdk/v1"
	"predictd/sdk/v1/predictdv1connect"
)

const (
	chunkBytes = 1 << 20
	reconnect  = 200 * time.Millisecond
)

// snippet: connect
// authorized sends the token with every request.
type authorized struct {
	token string
	next  http.RoundTripper
}

func (a authorized) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("Authorization", "Bearer "+a.token)
	return a.next.RoundTrip(request)
}

type client struct {
	tasks  predictdv1connect.TaskServiceClient
	models predictdv1connect.ModelServiceClient
}

func dial(url, token string) *client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	web := &http.Client{Transport: authorized{token, transport}}
	return &client{
		tasks:  predictdv1connect.NewTaskServiceClient(web, url),
		models: predictdv1connect.NewModelServiceClient(web, url),
	}
}

// end

// snippet: upload
func (c *client) upload(ctx context.Context, modelID, path string) (*predictdv1.Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	call := c.models.UploadModel(ctx)
	part := &predictdv1.UploadModelRequest{Parent: "users/me", ModelId: modelID}
	for {
		// A refusal ends the stream; CloseAndReceive says why.
		if err := call.Send(part); errors.Is(err, io.EOF) || len(data) == 0 {
			break
		} else if err != nil {
			return nil, err
		}
		size := min(chunkBytes, len(data))
		part = &predictdv1.UploadModelRequest{Content: &httpbody.HttpBody{Data: data[:size]}}
		data = data[size:]
	}
	answer, err := call.CloseAndReceive()
	if err != nil {
		return nil, err
	}
	return answer.Msg, nil
}

// end

// snippet: create
func (c *client) create(ctx context.Context, taskID, sink string, until predictdv1.Until) (*predictdv1.Task, error) {
	answer, err := c.tasks.CreateTask(ctx, connect.NewRequest(&predictdv1.CreateTaskRequest{
		Parent: "users/me",
		TaskId: taskID,
		// Makes the call safe to repeat.
		RequestId: uuid.NewString(),
		Task: &predictdv1.Task{Spec: &predictdv1.TaskSpec{
			Source: &predictdv1.Source{Topic: settings.Source},
			Sink:   &predictdv1.Sink{Topic: sink},
			Predictor: &predictdv1.Predictor{Kind: &predictdv1.Predictor_Onnx{
				Onnx: &predictdv1.OnnxPredictor{Model: modelID},
			}},
			Until: until,
		}},
	}))
	if err != nil {
		return nil, err
	}
	return answer.Msg, nil
}

// end

// snippet: start
func (c *client) start(ctx context.Context, name string) (string, error) {
	answer, err := c.tasks.StartTask(ctx, connect.NewRequest(&predictdv1.StartTaskRequest{Name: name}))
	if err != nil {
		return "", err
	}
	return answer.Msg.GetName(), nil
}

// end

// newestSequence is where the history is now: a watch that is given up when its snapshot is complete.
func (c *client) newestSequence(ctx context.Context, name string) (int64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	call, err := c.tasks.WatchTasks(ctx, connect.NewRequest(&predictdv1.WatchTasksRequest{Name: name}))
	if err != nil {
		return 0, err
	}
	defer call.Close()
	for call.Receive() {
		if call.Msg().GetSnapshotEnd() != nil {
			return call.Msg().GetSequence(), nil
		}
	}
	return 0, call.Err()
}

// snippet: watch
// watch calls see with every change after sequence, whatever happens to the connection, until see
// returns false.
func (c *client) watch(ctx context.Context, name string, sequence int64, see func(*predictdv1.Event) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for {
		request := &predictdv1.WatchTasksRequest{Name: name, AfterSequence: sequence}
		call, err := c.tasks.WatchTasks(ctx, connect.NewRequest(request))
		for err == nil {
			if !call.Receive() {
				err = call.Err()
				break
			}
			sequence = call.Msg().GetSequence()
			if event := call.Msg().GetChange().GetEvent(); event != nil && !see(event) {
				return call.Close()
			}
		}
		// What the service did not say itself is the connection's doing.
		if ctx.Err() != nil || (connect.IsWireError(err) && connect.CodeOf(err) != connect.CodeUnavailable) {
			return err
		}
		fmt.Println("interrupted")
		time.Sleep(reconnect)
	}
}

// end

// snippet: stop
func (c *client) stop(ctx context.Context, name string) (predictdv1.State, error) {
	answer, err := c.tasks.StopTask(ctx, connect.NewRequest(&predictdv1.StopTaskRequest{Name: name}))
	if err != nil {
		return predictdv1.State_STATE_UNSPECIFIED, err
	}
	return answer.Msg.GetStatus().GetState(), nil
}

// end

// snippet: error
func explain(err error) {
	var failure *connect.Error
	if !errors.As(err, &failure) {
		return
	}
	for _, detail := range failure.Details() {
		value, err := detail.Value()
		if err != nil {
			continue
		}
		switch value := value.(type) {
		case *errdetails.ErrorInfo:
			fmt.Println("refused", value.GetReason(), value.GetDomain())
		case *errdetails.BadRequest:
			for _, violation := range value.GetFieldViolations() {
				fmt.Println("violation", violation.GetField(), violation.GetReason())
			}
		}
	}
}

// end

var modelID = settings.TaskID

func main() {
	ctx := context.Background()
	c := dial(settings.URL, settings.Token)
	model, err := c.upload(ctx, modelID, settings.ModelFile)
	check(err)
	fmt.Println("uploaded", model.GetName())
	if _, err := c.create(ctx, "bad", settings.Source, predictdv1.Until_UNTIL_END); err != nil {
		explain(err)
	}
	task, err := c.create(ctx, settings.TaskID, settings.Sink, predictdv1.Until_UNTIL_END)
	check(err)
	sequence, err := c.newestSequence(ctx, task.GetName())
	check(err)
	execution, err := c.start(ctx, task.GetName())
	check(err)
	fmt.Println("started", execution)
	check(c.watch(ctx, task.GetName(), sequence, func(event *predictdv1.Event) bool {
		fmt.Println("change", event.GetNumber(), event.GetReason())
		return event.GetToState() != predictdv1.State_STATE_COMPLETED
	}))
	endless, err := c.create(ctx, settings.TaskID+"-endless", settings.Sink+"-endless", predictdv1.Until_UNTIL_STOPPED)
	check(err)
	_, err = c.start(ctx, endless.GetName())
	check(err)
	state, err := c.stop(ctx, endless.GetName())
	check(err)
	fmt.Println("stopped", state)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
