// The main job with grpc-go: upload a model, run a task, follow it over a broken connection.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/google/uuid"
	"google.golang.org/genproto/googleapis/api/httpbody"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"predictd-examples/settings"
	predictdv1 "predictd/sdk/v1"
)

const chunkBytes = 1 << 20

// snippet: connect
// token authorizes every call.
type token string

func (t token) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(t)}, nil
}

// RequireTransportSecurity is true in earnest: this one lets the token go over plain connections.
func (t token) RequireTransportSecurity() bool { return false }

type client struct {
	tasks  predictdv1.TaskServiceClient
	models predictdv1.ModelServiceClient
}

func connect(address string, secret token) (*client, error) {
	connection, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithPerRPCCredentials(secret))
	if err != nil {
		return nil, err
	}
	return &client{
		tasks:  predictdv1.NewTaskServiceClient(connection),
		models: predictdv1.NewModelServiceClient(connection),
	}, nil
}

// end

// snippet: upload
func (c *client) upload(ctx context.Context, modelID, path string) (*predictdv1.Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	call, err := c.models.UploadModel(ctx)
	if err != nil {
		return nil, err
	}
	part := &predictdv1.UploadModelRequest{Parent: "users/me", ModelId: modelID}
	for {
		// A refusal ends the stream; CloseAndRecv says why.
		if err := call.Send(part); errors.Is(err, io.EOF) || len(data) == 0 {
			return call.CloseAndRecv()
		} else if err != nil {
			return nil, err
		}
		size := min(chunkBytes, len(data))
		part = &predictdv1.UploadModelRequest{Content: &httpbody.HttpBody{Data: data[:size]}}
		data = data[size:]
	}
}

// end

// snippet: create
func (c *client) create(ctx context.Context, taskID, sink string, until predictdv1.Until) (*predictdv1.Task, error) {
	return c.tasks.CreateTask(ctx, &predictdv1.CreateTaskRequest{
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
	})
}

// end

// snippet: start
func (c *client) start(ctx context.Context, name string) (string, error) {
	execution, err := c.tasks.StartTask(ctx, &predictdv1.StartTaskRequest{Name: name})
	return execution.GetName(), err
}

// end

// newestSequence is where the history is now: a watch that is given up when its snapshot is complete.
func (c *client) newestSequence(ctx context.Context, name string) (int64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	call, err := c.tasks.WatchTasks(ctx, &predictdv1.WatchTasksRequest{Name: name})
	if err != nil {
		return 0, err
	}
	for {
		answer, err := call.Recv()
		if err != nil {
			return 0, err
		}
		if answer.GetSnapshotEnd() != nil {
			return answer.GetSequence(), nil
		}
	}
}

// snippet: watch
// watch calls see with every change after sequence, whatever happens to the connection, until see
// returns false.
func (c *client) watch(ctx context.Context, name string, sequence int64, see func(*predictdv1.Event) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for {
		request := &predictdv1.WatchTasksRequest{Name: name, AfterSequence: sequence}
		// WaitForReady: gRPC itself waits until the service is there again.
		call, err := c.tasks.WatchTasks(ctx, request, grpc.WaitForReady(true))
		for err == nil {
			var answer *predictdv1.WatchTasksResponse
			if answer, err = call.Recv(); err != nil {
				break
			}
			sequence = answer.GetSequence()
			if event := answer.GetChange().GetEvent(); event != nil && !see(event) {
				return nil
			}
		}
		if status.Code(err) != codes.Unavailable {
			return err
		}
		fmt.Println("interrupted")
	}
}

// end

// snippet: stop
func (c *client) stop(ctx context.Context, name string) (predictdv1.State, error) {
	task, err := c.tasks.StopTask(ctx, &predictdv1.StopTaskRequest{Name: name})
	return task.GetStatus().GetState(), err
}

// end

// snippet: error
func explain(err error) {
	for _, detail := range status.Convert(err).Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			fmt.Println("refused", detail.GetReason(), detail.GetDomain())
		case *errdetails.BadRequest:
			for _, violation := range detail.GetFieldViolations() {
				fmt.Println("violation", violation.GetField(), violation.GetReason())
			}
		}
	}
}

// end

var modelID = settings.TaskID

func main() {
	ctx := context.Background()
	c, err := connect(strings.TrimPrefix(settings.URL, "http://"), token(settings.Token))
	check(err)
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
