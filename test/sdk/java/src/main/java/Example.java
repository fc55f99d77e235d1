import com.google.api.HttpBody;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.CallCredentials;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import predictd.v1.CreateTaskRequest;
import predictd.v1.Event;
import predictd.v1.Model;
import predictd.v1.ModelServiceGrpc;
import predictd.v1.OnnxPredictor;
import predictd.v1.Predictor;
import predictd.v1.Sink;
import predictd.v1.Source;
import predictd.v1.StartTaskRequest;
import predictd.v1.State;
import predictd.v1.StopTaskRequest;
import predictd.v1.Task;
import predictd.v1.TaskServiceGrpc;
import predictd.v1.TaskSpec;
import predictd.v1.Until;
import predictd.v1.UploadModelRequest;
import predictd.v1.WatchTasksRequest;
import predictd.v1.WatchTasksResponse;

/** The main job from Java: upload a model, run a task, follow it over a broken connection. */
public final class Example {
  private static final int CHUNK_BYTES = 1 << 20;

  private static final String source = variable("EXAMPLE_SOURCE");
  private static final String sink = variable("EXAMPLE_SINK");
  private static final String taskId = variable("EXAMPLE_TASK");
  private static final String modelId = taskId;

  // snippet: connect
  private final TaskServiceGrpc.TaskServiceBlockingStub tasks;
  private final ModelServiceGrpc.ModelServiceStub models;

  Example(ManagedChannel channel, String token) {
    CallCredentials bearer = new Bearer(token);
    tasks = TaskServiceGrpc.newBlockingStub(channel).withCallCredentials(bearer);
    models = ModelServiceGrpc.newStub(channel).withCallCredentials(bearer);
  }

  static ManagedChannel connect(String address) {
    return Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build();
  }

  /** Authorizes every call. */
  static final class Bearer extends CallCredentials {
    private static final Metadata.Key<String> AUTHORIZATION =
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private final Metadata headers = new Metadata();

    Bearer(String token) {
      headers.put(AUTHORIZATION, "Bearer " + token);
    }

    @Override
    public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
      applier.apply(headers);
    }
  }
  // end

  // snippet: upload
  Model upload(String modelId, Path path) throws IOException {
    CompletableFuture<Model> uploaded = new CompletableFuture<>();
    StreamObserver<UploadModelRequest> parts = models.uploadModel(new StreamObserver<>() {
      @Override public void onNext(Model model) { uploaded.complete(model); }
      @Override public void onError(Throwable error) { uploaded.completeExceptionally(error); }
      @Override public void onCompleted() {}
    });
    parts.onNext(
        UploadModelRequest.newBuilder().setParent("users/me").setModelId(modelId).build());
    ByteString data = ByteString.copyFrom(Files.readAllBytes(path));
    for (int start = 0; start < data.size() && !uploaded.isDone(); start += CHUNK_BYTES) {
      ByteString chunk = data.substring(start, Math.min(start + CHUNK_BYTES, data.size()));
      HttpBody content = HttpBody.newBuilder().setData(chunk).build();
      parts.onNext(UploadModelRequest.newBuilder().setContent(content).build());
    }
    parts.onCompleted();
    return uploaded.join();
  }
  // end

  // snippet: create
  Task create(String taskId, String sink, Until until) {
    TaskSpec spec = TaskSpec.newBuilder()
        .setSource(Source.newBuilder().setTopic(source))
        .setSink(Sink.newBuilder().setTopic(sink))
        .setPredictor(Predictor.newBuilder().setOnnx(OnnxPredictor.newBuilder().setModel(modelId)))
        .setUntil(until)
        .build();
    return tasks.createTask(CreateTaskRequest.newBuilder()
        .setParent("users/me")
        .setTaskId(taskId)
        .setTask(Task.newBuilder().setSpec(spec))
        // Makes the call safe to repeat.
        .setRequestId(UUID.randomUUID().toString())
        .build());
  }
  // end

  // snippet: start
  String start(String name) {
    return tasks.startTask(StartTaskRequest.newBuilder().setName(name).build()).getName();
  }
  // end

  /** Where the history is now: a watch that is given up when its snapshot is complete. */
  long newestSequence(String name) {
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      Context outer = context.attach();
      try {
        WatchTasksRequest request = WatchTasksRequest.newBuilder().setName(name).build();
        Iterator<WatchTasksResponse> answers = tasks.watchTasks(request);
        while (true) {
          WatchTasksResponse answer = answers.next();
          if (answer.hasSnapshotEnd()) return answer.getSequence();
        }
      } finally {
        context.detach(outer);
      }
    }
  }

  // snippet: watch
  /** Shows every change after `sequence`, whatever happens to the connection, until `see` says false. */
  void watch(String name, long sequence, Predicate<Event> see) {
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      Context outer = context.attach();
      try {
        while (true) {
          try {
            WatchTasksRequest request = WatchTasksRequest.newBuilder()
                .setName(name)
                .setAfterSequence(sequence)
                .build();
            // withWaitForReady: gRPC itself waits until the service is there again.
            Iterator<WatchTasksResponse> answers = tasks.withWaitForReady().watchTasks(request);
            while (answers.hasNext()) {
              WatchTasksResponse answer = answers.next();
              sequence = answer.getSequence();
              boolean isEvent = answer.hasChange() && answer.getChange().hasEvent();
              if (isEvent && !see.test(answer.getChange().getEvent())) return;
            }
          } catch (StatusRuntimeException error) {
            if (error.getStatus().getCode() != io.grpc.Status.Code.UNAVAILABLE) throw error;
            System.out.println("interrupted");
          }
        }
      } finally {
        context.detach(outer);
      }
    }
  }
  // end

  // snippet: stop
  State stop(String name) {
    Task task = tasks.stopTask(StopTaskRequest.newBuilder().setName(name).build());
    return task.getStatus().getState();
  }
  // end

  // snippet: error
  static void explain(StatusRuntimeException error) throws InvalidProtocolBufferException {
    Status status = StatusProto.fromThrowable(error);
    for (Any detail : status.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        ErrorInfo info = detail.unpack(ErrorInfo.class);
        System.out.println("refused " + info.getReason() + " " + info.getDomain());
      } else if (detail.is(BadRequest.class)) {
        for (var violation : detail.unpack(BadRequest.class).getFieldViolationsList()) {
          System.out.println("violation " + violation.getField() + " " + violation.getReason());
        }
      }
    }
  }
  // end

  public static void main(String[] args) throws IOException {
    ManagedChannel channel = connect(variable("PREDICTD_URL").replaceFirst("^http://", ""));
    try {
      new Example(channel, variable("PREDICTD_TOKEN")).run();
    } finally {
      channel.shutdownNow();
    }
  }

  private void run() throws IOException {
    Model model = upload(modelId, Path.of(variable("EXAMPLE_MODEL")));
    System.out.println("uploaded " + model.getName());
    try {
      create("bad", source, Until.UNTIL_END);
    } catch (StatusRuntimeException error) {
      explain(error);
    }
    Task task = create(taskId, sink, Until.UNTIL_END);
    long sequence = newestSequence(task.getName());
    System.out.println("started " + start(task.getName()));
    watch(task.getName(), sequence, event -> {
      System.out.println("change " + event.getNumber() + " " + event.getReason());
      return event.getToState() != State.STATE_COMPLETED;
    });
    Task endless = create(taskId + "-endless", sink + "-endless", Until.UNTIL_STOPPED);
    start(endless.getName());
    System.out.println("stopped " + stop(endless.getName()));
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    if (value == null) throw new IllegalStateException(name + " is not set");
    return value;
  }
}
