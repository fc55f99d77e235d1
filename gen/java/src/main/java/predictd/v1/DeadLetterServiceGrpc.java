package predictd.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Reads, replays and purges the records that a task could not score. They are in the task's dead-letter topic, which is
 * reached with the task's own settings. Errors are those of TaskService, and UNAVAILABLE if Kafka cannot be reached,
 * FAILED_PRECONDITION if it refuses or the service may not connect there.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class DeadLetterServiceGrpc {

  private DeadLetterServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "predictd.v1.DeadLetterService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<predictd.v1.ListDeadLettersRequest,
      predictd.v1.ListDeadLettersResponse> getListDeadLettersMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListDeadLetters",
      requestType = predictd.v1.ListDeadLettersRequest.class,
      responseType = predictd.v1.ListDeadLettersResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.ListDeadLettersRequest,
      predictd.v1.ListDeadLettersResponse> getListDeadLettersMethod() {
    io.grpc.MethodDescriptor<predictd.v1.ListDeadLettersRequest, predictd.v1.ListDeadLettersResponse> getListDeadLettersMethod;
    if ((getListDeadLettersMethod = DeadLetterServiceGrpc.getListDeadLettersMethod) == null) {
      synchronized (DeadLetterServiceGrpc.class) {
        if ((getListDeadLettersMethod = DeadLetterServiceGrpc.getListDeadLettersMethod) == null) {
          DeadLetterServiceGrpc.getListDeadLettersMethod = getListDeadLettersMethod =
              io.grpc.MethodDescriptor.<predictd.v1.ListDeadLettersRequest, predictd.v1.ListDeadLettersResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListDeadLetters"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ListDeadLettersRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ListDeadLettersResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeadLetterServiceMethodDescriptorSupplier("ListDeadLetters"))
              .build();
        }
      }
    }
    return getListDeadLettersMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.GetDeadLetterRequest,
      predictd.v1.DeadLetter> getGetDeadLetterMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetDeadLetter",
      requestType = predictd.v1.GetDeadLetterRequest.class,
      responseType = predictd.v1.DeadLetter.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.GetDeadLetterRequest,
      predictd.v1.DeadLetter> getGetDeadLetterMethod() {
    io.grpc.MethodDescriptor<predictd.v1.GetDeadLetterRequest, predictd.v1.DeadLetter> getGetDeadLetterMethod;
    if ((getGetDeadLetterMethod = DeadLetterServiceGrpc.getGetDeadLetterMethod) == null) {
      synchronized (DeadLetterServiceGrpc.class) {
        if ((getGetDeadLetterMethod = DeadLetterServiceGrpc.getGetDeadLetterMethod) == null) {
          DeadLetterServiceGrpc.getGetDeadLetterMethod = getGetDeadLetterMethod =
              io.grpc.MethodDescriptor.<predictd.v1.GetDeadLetterRequest, predictd.v1.DeadLetter>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetDeadLetter"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.GetDeadLetterRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.DeadLetter.getDefaultInstance()))
              .setSchemaDescriptor(new DeadLetterServiceMethodDescriptorSupplier("GetDeadLetter"))
              .build();
        }
      }
    }
    return getGetDeadLetterMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.ReplayDeadLettersRequest,
      predictd.v1.ReplayDeadLettersResponse> getReplayDeadLettersMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ReplayDeadLetters",
      requestType = predictd.v1.ReplayDeadLettersRequest.class,
      responseType = predictd.v1.ReplayDeadLettersResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.ReplayDeadLettersRequest,
      predictd.v1.ReplayDeadLettersResponse> getReplayDeadLettersMethod() {
    io.grpc.MethodDescriptor<predictd.v1.ReplayDeadLettersRequest, predictd.v1.ReplayDeadLettersResponse> getReplayDeadLettersMethod;
    if ((getReplayDeadLettersMethod = DeadLetterServiceGrpc.getReplayDeadLettersMethod) == null) {
      synchronized (DeadLetterServiceGrpc.class) {
        if ((getReplayDeadLettersMethod = DeadLetterServiceGrpc.getReplayDeadLettersMethod) == null) {
          DeadLetterServiceGrpc.getReplayDeadLettersMethod = getReplayDeadLettersMethod =
              io.grpc.MethodDescriptor.<predictd.v1.ReplayDeadLettersRequest, predictd.v1.ReplayDeadLettersResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ReplayDeadLetters"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ReplayDeadLettersRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ReplayDeadLettersResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeadLetterServiceMethodDescriptorSupplier("ReplayDeadLetters"))
              .build();
        }
      }
    }
    return getReplayDeadLettersMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.PurgeDeadLettersRequest,
      predictd.v1.PurgeDeadLettersResponse> getPurgeDeadLettersMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "PurgeDeadLetters",
      requestType = predictd.v1.PurgeDeadLettersRequest.class,
      responseType = predictd.v1.PurgeDeadLettersResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.PurgeDeadLettersRequest,
      predictd.v1.PurgeDeadLettersResponse> getPurgeDeadLettersMethod() {
    io.grpc.MethodDescriptor<predictd.v1.PurgeDeadLettersRequest, predictd.v1.PurgeDeadLettersResponse> getPurgeDeadLettersMethod;
    if ((getPurgeDeadLettersMethod = DeadLetterServiceGrpc.getPurgeDeadLettersMethod) == null) {
      synchronized (DeadLetterServiceGrpc.class) {
        if ((getPurgeDeadLettersMethod = DeadLetterServiceGrpc.getPurgeDeadLettersMethod) == null) {
          DeadLetterServiceGrpc.getPurgeDeadLettersMethod = getPurgeDeadLettersMethod =
              io.grpc.MethodDescriptor.<predictd.v1.PurgeDeadLettersRequest, predictd.v1.PurgeDeadLettersResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "PurgeDeadLetters"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.PurgeDeadLettersRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.PurgeDeadLettersResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DeadLetterServiceMethodDescriptorSupplier("PurgeDeadLetters"))
              .build();
        }
      }
    }
    return getPurgeDeadLettersMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static DeadLetterServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<DeadLetterServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<DeadLetterServiceStub>() {
        @java.lang.Override
        public DeadLetterServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new DeadLetterServiceStub(channel, callOptions);
        }
      };
    return DeadLetterServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static DeadLetterServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<DeadLetterServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<DeadLetterServiceBlockingStub>() {
        @java.lang.Override
        public DeadLetterServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new DeadLetterServiceBlockingStub(channel, callOptions);
        }
      };
    return DeadLetterServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static DeadLetterServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<DeadLetterServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<DeadLetterServiceFutureStub>() {
        @java.lang.Override
        public DeadLetterServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new DeadLetterServiceFutureStub(channel, callOptions);
        }
      };
    return DeadLetterServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Reads, replays and purges the records that a task could not score. They are in the task's dead-letter topic, which is
   * reached with the task's own settings. Errors are those of TaskService, and UNAVAILABLE if Kafka cannot be reached,
   * FAILED_PRECONDITION if it refuses or the service may not connect there.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Lists the dead letters of a task by partition and offset, oldest first. Of a topic that is not there yet the list is
     * empty. A page may end early when its values are large.
     * </pre>
     */
    default void listDeadLetters(predictd.v1.ListDeadLettersRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ListDeadLettersResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListDeadLettersMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads one dead letter. NOT_FOUND if it was purged, or never was.
     * </pre>
     */
    default void getDeadLetter(predictd.v1.GetDeadLetterRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.DeadLetter> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetDeadLetterMethod(), responseObserver);
    }

    /**
     * <pre>
     * Writes dead letters back to the partition of the source topic that they came from, as they were: key, value, time and
     * headers, and one more header `predictd-replayed-from` with topic, partition and offset of the dead letter. None is
     * written twice, however often this is called and whatever fails: the records and the mark that they were replayed are
     * one transaction. The marks are offsets of the consumer group `predictd.{uid}.replay`, which Kafka forgets a while
     * after the last call (by default after 7 days). They stay in the dead-letter topic.
     * </pre>
     */
    default void replayDeadLetters(predictd.v1.ReplayDeadLettersRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ReplayDeadLettersResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getReplayDeadLettersMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes dead letters for good, from the oldest on. FAILED_PRECONDITION if the topic holds anything else: then nothing
     * is deleted.
     * </pre>
     */
    default void purgeDeadLetters(predictd.v1.PurgeDeadLettersRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.PurgeDeadLettersResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPurgeDeadLettersMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service DeadLetterService.
   * <pre>
   * Reads, replays and purges the records that a task could not score. They are in the task's dead-letter topic, which is
   * reached with the task's own settings. Errors are those of TaskService, and UNAVAILABLE if Kafka cannot be reached,
   * FAILED_PRECONDITION if it refuses or the service may not connect there.
   * </pre>
   */
  public static abstract class DeadLetterServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return DeadLetterServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service DeadLetterService.
   * <pre>
   * Reads, replays and purges the records that a task could not score. They are in the task's dead-letter topic, which is
   * reached with the task's own settings. Errors are those of TaskService, and UNAVAILABLE if Kafka cannot be reached,
   * FAILED_PRECONDITION if it refuses or the service may not connect there.
   * </pre>
   */
  public static final class DeadLetterServiceStub
      extends io.grpc.stub.AbstractAsyncStub<DeadLetterServiceStub> {
    private DeadLetterServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected DeadLetterServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new DeadLetterServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the dead letters of a task by partition and offset, oldest first. Of a topic that is not there yet the list is
     * empty. A page may end early when its values are large.
     * </pre>
     */
    public void listDeadLetters(predictd.v1.ListDeadLettersRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ListDeadLettersResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListDeadLettersMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reads one dead letter. NOT_FOUND if it was purged, or never was.
     * </pre>
     */
    public void getDeadLetter(predictd.v1.GetDeadLetterRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.DeadLetter> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetDeadLetterMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Writes dead letters back to the partition of the source topic that they came from, as they were: key, value, time and
     * headers, and one more header `predictd-replayed-from` with topic, partition and offset of the dead letter. None is
     * written twice, however often this is called and whatever fails: the records and the mark that they were replayed are
     * one transaction. The marks are offsets of the consumer group `predictd.{uid}.replay`, which Kafka forgets a while
     * after the last call (by default after 7 days). They stay in the dead-letter topic.
     * </pre>
     */
    public void replayDeadLetters(predictd.v1.ReplayDeadLettersRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ReplayDeadLettersResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getReplayDeadLettersMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes dead letters for good, from the oldest on. FAILED_PRECONDITION if the topic holds anything else: then nothing
     * is deleted.
     * </pre>
     */
    public void purgeDeadLetters(predictd.v1.PurgeDeadLettersRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.PurgeDeadLettersResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPurgeDeadLettersMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service DeadLetterService.
   * <pre>
   * Reads, replays and purges the records that a task could not score. They are in the task's dead-letter topic, which is
   * reached with the task's own settings. Errors are those of TaskService, and UNAVAILABLE if Kafka cannot be reached,
   * FAILED_PRECONDITION if it refuses or the service may not connect there.
   * </pre>
   */
  public static final class DeadLetterServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<DeadLetterServiceBlockingStub> {
    private DeadLetterServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected DeadLetterServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new DeadLetterServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the dead letters of a task by partition and offset, oldest first. Of a topic that is not there yet the list is
     * empty. A page may end early when its values are large.
     * </pre>
     */
    public predictd.v1.ListDeadLettersResponse listDeadLetters(predictd.v1.ListDeadLettersRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListDeadLettersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads one dead letter. NOT_FOUND if it was purged, or never was.
     * </pre>
     */
    public predictd.v1.DeadLetter getDeadLetter(predictd.v1.GetDeadLetterRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetDeadLetterMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Writes dead letters back to the partition of the source topic that they came from, as they were: key, value, time and
     * headers, and one more header `predictd-replayed-from` with topic, partition and offset of the dead letter. None is
     * written twice, however often this is called and whatever fails: the records and the mark that they were replayed are
     * one transaction. The marks are offsets of the consumer group `predictd.{uid}.replay`, which Kafka forgets a while
     * after the last call (by default after 7 days). They stay in the dead-letter topic.
     * </pre>
     */
    public predictd.v1.ReplayDeadLettersResponse replayDeadLetters(predictd.v1.ReplayDeadLettersRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getReplayDeadLettersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes dead letters for good, from the oldest on. FAILED_PRECONDITION if the topic holds anything else: then nothing
     * is deleted.
     * </pre>
     */
    public predictd.v1.PurgeDeadLettersResponse purgeDeadLetters(predictd.v1.PurgeDeadLettersRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPurgeDeadLettersMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service DeadLetterService.
   * <pre>
   * Reads, replays and purges the records that a task could not score. They are in the task's dead-letter topic, which is
   * reached with the task's own settings. Errors are those of TaskService, and UNAVAILABLE if Kafka cannot be reached,
   * FAILED_PRECONDITION if it refuses or the service may not connect there.
   * </pre>
   */
  public static final class DeadLetterServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<DeadLetterServiceFutureStub> {
    private DeadLetterServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected DeadLetterServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new DeadLetterServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the dead letters of a task by partition and offset, oldest first. Of a topic that is not there yet the list is
     * empty. A page may end early when its values are large.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.ListDeadLettersResponse> listDeadLetters(
        predictd.v1.ListDeadLettersRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListDeadLettersMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reads one dead letter. NOT_FOUND if it was purged, or never was.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.DeadLetter> getDeadLetter(
        predictd.v1.GetDeadLetterRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetDeadLetterMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Writes dead letters back to the partition of the source topic that they came from, as they were: key, value, time and
     * headers, and one more header `predictd-replayed-from` with topic, partition and offset of the dead letter. None is
     * written twice, however often this is called and whatever fails: the records and the mark that they were replayed are
     * one transaction. The marks are offsets of the consumer group `predictd.{uid}.replay`, which Kafka forgets a while
     * after the last call (by default after 7 days). They stay in the dead-letter topic.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.ReplayDeadLettersResponse> replayDeadLetters(
        predictd.v1.ReplayDeadLettersRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getReplayDeadLettersMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes dead letters for good, from the oldest on. FAILED_PRECONDITION if the topic holds anything else: then nothing
     * is deleted.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.PurgeDeadLettersResponse> purgeDeadLetters(
        predictd.v1.PurgeDeadLettersRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPurgeDeadLettersMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST_DEAD_LETTERS = 0;
  private static final int METHODID_GET_DEAD_LETTER = 1;
  private static final int METHODID_REPLAY_DEAD_LETTERS = 2;
  private static final int METHODID_PURGE_DEAD_LETTERS = 3;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_LIST_DEAD_LETTERS:
          serviceImpl.listDeadLetters((predictd.v1.ListDeadLettersRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.ListDeadLettersResponse>) responseObserver);
          break;
        case METHODID_GET_DEAD_LETTER:
          serviceImpl.getDeadLetter((predictd.v1.GetDeadLetterRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.DeadLetter>) responseObserver);
          break;
        case METHODID_REPLAY_DEAD_LETTERS:
          serviceImpl.replayDeadLetters((predictd.v1.ReplayDeadLettersRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.ReplayDeadLettersResponse>) responseObserver);
          break;
        case METHODID_PURGE_DEAD_LETTERS:
          serviceImpl.purgeDeadLetters((predictd.v1.PurgeDeadLettersRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.PurgeDeadLettersResponse>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getListDeadLettersMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.ListDeadLettersRequest,
              predictd.v1.ListDeadLettersResponse>(
                service, METHODID_LIST_DEAD_LETTERS)))
        .addMethod(
          getGetDeadLetterMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.GetDeadLetterRequest,
              predictd.v1.DeadLetter>(
                service, METHODID_GET_DEAD_LETTER)))
        .addMethod(
          getReplayDeadLettersMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.ReplayDeadLettersRequest,
              predictd.v1.ReplayDeadLettersResponse>(
                service, METHODID_REPLAY_DEAD_LETTERS)))
        .addMethod(
          getPurgeDeadLettersMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.PurgeDeadLettersRequest,
              predictd.v1.PurgeDeadLettersResponse>(
                service, METHODID_PURGE_DEAD_LETTERS)))
        .build();
  }

  private static abstract class DeadLetterServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    DeadLetterServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return predictd.v1.DeadLetterServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("DeadLetterService");
    }
  }

  private static final class DeadLetterServiceFileDescriptorSupplier
      extends DeadLetterServiceBaseDescriptorSupplier {
    DeadLetterServiceFileDescriptorSupplier() {}
  }

  private static final class DeadLetterServiceMethodDescriptorSupplier
      extends DeadLetterServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    DeadLetterServiceMethodDescriptorSupplier(java.lang.String methodName) {
      this.methodName = methodName;
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(methodName);
    }
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (DeadLetterServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new DeadLetterServiceFileDescriptorSupplier())
              .addMethod(getListDeadLettersMethod())
              .addMethod(getGetDeadLetterMethod())
              .addMethod(getReplayDeadLettersMethod())
              .addMethod(getPurgeDeadLettersMethod())
              .build();
        }
      }
    }
    return result;
  }
}
