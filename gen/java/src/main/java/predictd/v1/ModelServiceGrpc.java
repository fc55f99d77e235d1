package predictd.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Keeps the models that tasks score with. A model is an immutable ONNX file. Errors are those of TaskService.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ModelServiceGrpc {

  private ModelServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "predictd.v1.ModelService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<predictd.v1.UploadModelRequest,
      predictd.v1.Model> getUploadModelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UploadModel",
      requestType = predictd.v1.UploadModelRequest.class,
      responseType = predictd.v1.Model.class,
      methodType = io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
  public static io.grpc.MethodDescriptor<predictd.v1.UploadModelRequest,
      predictd.v1.Model> getUploadModelMethod() {
    io.grpc.MethodDescriptor<predictd.v1.UploadModelRequest, predictd.v1.Model> getUploadModelMethod;
    if ((getUploadModelMethod = ModelServiceGrpc.getUploadModelMethod) == null) {
      synchronized (ModelServiceGrpc.class) {
        if ((getUploadModelMethod = ModelServiceGrpc.getUploadModelMethod) == null) {
          ModelServiceGrpc.getUploadModelMethod = getUploadModelMethod =
              io.grpc.MethodDescriptor.<predictd.v1.UploadModelRequest, predictd.v1.Model>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UploadModel"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.UploadModelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Model.getDefaultInstance()))
              .setSchemaDescriptor(new ModelServiceMethodDescriptorSupplier("UploadModel"))
              .build();
        }
      }
    }
    return getUploadModelMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.GetModelRequest,
      predictd.v1.Model> getGetModelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetModel",
      requestType = predictd.v1.GetModelRequest.class,
      responseType = predictd.v1.Model.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.GetModelRequest,
      predictd.v1.Model> getGetModelMethod() {
    io.grpc.MethodDescriptor<predictd.v1.GetModelRequest, predictd.v1.Model> getGetModelMethod;
    if ((getGetModelMethod = ModelServiceGrpc.getGetModelMethod) == null) {
      synchronized (ModelServiceGrpc.class) {
        if ((getGetModelMethod = ModelServiceGrpc.getGetModelMethod) == null) {
          ModelServiceGrpc.getGetModelMethod = getGetModelMethod =
              io.grpc.MethodDescriptor.<predictd.v1.GetModelRequest, predictd.v1.Model>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetModel"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.GetModelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Model.getDefaultInstance()))
              .setSchemaDescriptor(new ModelServiceMethodDescriptorSupplier("GetModel"))
              .build();
        }
      }
    }
    return getGetModelMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.ListModelsRequest,
      predictd.v1.ListModelsResponse> getListModelsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListModels",
      requestType = predictd.v1.ListModelsRequest.class,
      responseType = predictd.v1.ListModelsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.ListModelsRequest,
      predictd.v1.ListModelsResponse> getListModelsMethod() {
    io.grpc.MethodDescriptor<predictd.v1.ListModelsRequest, predictd.v1.ListModelsResponse> getListModelsMethod;
    if ((getListModelsMethod = ModelServiceGrpc.getListModelsMethod) == null) {
      synchronized (ModelServiceGrpc.class) {
        if ((getListModelsMethod = ModelServiceGrpc.getListModelsMethod) == null) {
          ModelServiceGrpc.getListModelsMethod = getListModelsMethod =
              io.grpc.MethodDescriptor.<predictd.v1.ListModelsRequest, predictd.v1.ListModelsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListModels"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ListModelsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ListModelsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ModelServiceMethodDescriptorSupplier("ListModels"))
              .build();
        }
      }
    }
    return getListModelsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.DeleteModelRequest,
      com.google.protobuf.Empty> getDeleteModelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteModel",
      requestType = predictd.v1.DeleteModelRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.DeleteModelRequest,
      com.google.protobuf.Empty> getDeleteModelMethod() {
    io.grpc.MethodDescriptor<predictd.v1.DeleteModelRequest, com.google.protobuf.Empty> getDeleteModelMethod;
    if ((getDeleteModelMethod = ModelServiceGrpc.getDeleteModelMethod) == null) {
      synchronized (ModelServiceGrpc.class) {
        if ((getDeleteModelMethod = ModelServiceGrpc.getDeleteModelMethod) == null) {
          ModelServiceGrpc.getDeleteModelMethod = getDeleteModelMethod =
              io.grpc.MethodDescriptor.<predictd.v1.DeleteModelRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteModel"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.DeleteModelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new ModelServiceMethodDescriptorSupplier("DeleteModel"))
              .build();
        }
      }
    }
    return getDeleteModelMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.PredictRequest,
      predictd.v1.PredictResponse> getPredictMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Predict",
      requestType = predictd.v1.PredictRequest.class,
      responseType = predictd.v1.PredictResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.PredictRequest,
      predictd.v1.PredictResponse> getPredictMethod() {
    io.grpc.MethodDescriptor<predictd.v1.PredictRequest, predictd.v1.PredictResponse> getPredictMethod;
    if ((getPredictMethod = ModelServiceGrpc.getPredictMethod) == null) {
      synchronized (ModelServiceGrpc.class) {
        if ((getPredictMethod = ModelServiceGrpc.getPredictMethod) == null) {
          ModelServiceGrpc.getPredictMethod = getPredictMethod =
              io.grpc.MethodDescriptor.<predictd.v1.PredictRequest, predictd.v1.PredictResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Predict"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.PredictRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.PredictResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ModelServiceMethodDescriptorSupplier("Predict"))
              .build();
        }
      }
    }
    return getPredictMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ModelServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ModelServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ModelServiceStub>() {
        @java.lang.Override
        public ModelServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ModelServiceStub(channel, callOptions);
        }
      };
    return ModelServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ModelServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ModelServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ModelServiceBlockingStub>() {
        @java.lang.Override
        public ModelServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ModelServiceBlockingStub(channel, callOptions);
        }
      };
    return ModelServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ModelServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ModelServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ModelServiceFutureStub>() {
        @java.lang.Override
        public ModelServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ModelServiceFutureStub(channel, callOptions);
        }
      };
    return ModelServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Keeps the models that tasks score with. A model is an immutable ONNX file. Errors are those of TaskService.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Uploads a model: the first message names it, every message may carry a chunk. The file is checked, loaded and run
     * once in a process of its own before it is accepted. Uploading the same bytes under the same name again answers the
     * same model. ALREADY_EXISTS if the name holds other bytes, INVALID_ARGUMENT if it is no usable model,
     * RESOURCE_EXHAUSTED if it is too large.
     * </pre>
     */
    default io.grpc.stub.StreamObserver<predictd.v1.UploadModelRequest> uploadModel(
        io.grpc.stub.StreamObserver<predictd.v1.Model> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getUploadModelMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads a model's signature. NOT_FOUND if there is none of the name.
     * </pre>
     */
    default void getModel(predictd.v1.GetModelRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Model> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetModelMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the models of a user.
     * </pre>
     */
    default void listModels(predictd.v1.ListModelsRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ListModelsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListModelsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes a model. FAILED_PRECONDITION if a task scores with it, compares it as a shadow, is changing over to it, or, unless
     * `force` is set, could roll back to it; NOT_FOUND if there is none of the name.
     * </pre>
     */
    default void deleteModel(predictd.v1.DeleteModelRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteModelMethod(), responseObserver);
    }

    /**
     * <pre>
     * Scores a few rows by hand. INVALID_ARGUMENT if a row does not fit the model, DEADLINE_EXCEEDED if the model takes
     * longer than 10 s. Calls that run a model go by turns, two of a user at once; RESOURCE_EXHAUSTED if 100 wait already.
     * </pre>
     */
    default void predict(predictd.v1.PredictRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.PredictResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPredictMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ModelService.
   * <pre>
   * Keeps the models that tasks score with. A model is an immutable ONNX file. Errors are those of TaskService.
   * </pre>
   */
  public static abstract class ModelServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ModelServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ModelService.
   * <pre>
   * Keeps the models that tasks score with. A model is an immutable ONNX file. Errors are those of TaskService.
   * </pre>
   */
  public static final class ModelServiceStub
      extends io.grpc.stub.AbstractAsyncStub<ModelServiceStub> {
    private ModelServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ModelServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ModelServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Uploads a model: the first message names it, every message may carry a chunk. The file is checked, loaded and run
     * once in a process of its own before it is accepted. Uploading the same bytes under the same name again answers the
     * same model. ALREADY_EXISTS if the name holds other bytes, INVALID_ARGUMENT if it is no usable model,
     * RESOURCE_EXHAUSTED if it is too large.
     * </pre>
     */
    public io.grpc.stub.StreamObserver<predictd.v1.UploadModelRequest> uploadModel(
        io.grpc.stub.StreamObserver<predictd.v1.Model> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncClientStreamingCall(
          getChannel().newCall(getUploadModelMethod(), getCallOptions()), responseObserver);
    }

    /**
     * <pre>
     * Reads a model's signature. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public void getModel(predictd.v1.GetModelRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Model> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetModelMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the models of a user.
     * </pre>
     */
    public void listModels(predictd.v1.ListModelsRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ListModelsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListModelsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes a model. FAILED_PRECONDITION if a task scores with it, compares it as a shadow, is changing over to it, or, unless
     * `force` is set, could roll back to it; NOT_FOUND if there is none of the name.
     * </pre>
     */
    public void deleteModel(predictd.v1.DeleteModelRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteModelMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Scores a few rows by hand. INVALID_ARGUMENT if a row does not fit the model, DEADLINE_EXCEEDED if the model takes
     * longer than 10 s. Calls that run a model go by turns, two of a user at once; RESOURCE_EXHAUSTED if 100 wait already.
     * </pre>
     */
    public void predict(predictd.v1.PredictRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.PredictResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPredictMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ModelService.
   * <pre>
   * Keeps the models that tasks score with. A model is an immutable ONNX file. Errors are those of TaskService.
   * </pre>
   */
  public static final class ModelServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ModelServiceBlockingStub> {
    private ModelServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ModelServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ModelServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Reads a model's signature. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public predictd.v1.Model getModel(predictd.v1.GetModelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetModelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the models of a user.
     * </pre>
     */
    public predictd.v1.ListModelsResponse listModels(predictd.v1.ListModelsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListModelsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a model. FAILED_PRECONDITION if a task scores with it, compares it as a shadow, is changing over to it, or, unless
     * `force` is set, could roll back to it; NOT_FOUND if there is none of the name.
     * </pre>
     */
    public com.google.protobuf.Empty deleteModel(predictd.v1.DeleteModelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteModelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Scores a few rows by hand. INVALID_ARGUMENT if a row does not fit the model, DEADLINE_EXCEEDED if the model takes
     * longer than 10 s. Calls that run a model go by turns, two of a user at once; RESOURCE_EXHAUSTED if 100 wait already.
     * </pre>
     */
    public predictd.v1.PredictResponse predict(predictd.v1.PredictRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPredictMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ModelService.
   * <pre>
   * Keeps the models that tasks score with. A model is an immutable ONNX file. Errors are those of TaskService.
   * </pre>
   */
  public static final class ModelServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<ModelServiceFutureStub> {
    private ModelServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ModelServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ModelServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Reads a model's signature. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Model> getModel(
        predictd.v1.GetModelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetModelMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the models of a user.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.ListModelsResponse> listModels(
        predictd.v1.ListModelsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListModelsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes a model. FAILED_PRECONDITION if a task scores with it, compares it as a shadow, is changing over to it, or, unless
     * `force` is set, could roll back to it; NOT_FOUND if there is none of the name.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> deleteModel(
        predictd.v1.DeleteModelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteModelMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Scores a few rows by hand. INVALID_ARGUMENT if a row does not fit the model, DEADLINE_EXCEEDED if the model takes
     * longer than 10 s. Calls that run a model go by turns, two of a user at once; RESOURCE_EXHAUSTED if 100 wait already.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.PredictResponse> predict(
        predictd.v1.PredictRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPredictMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_GET_MODEL = 0;
  private static final int METHODID_LIST_MODELS = 1;
  private static final int METHODID_DELETE_MODEL = 2;
  private static final int METHODID_PREDICT = 3;
  private static final int METHODID_UPLOAD_MODEL = 4;

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
        case METHODID_GET_MODEL:
          serviceImpl.getModel((predictd.v1.GetModelRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Model>) responseObserver);
          break;
        case METHODID_LIST_MODELS:
          serviceImpl.listModels((predictd.v1.ListModelsRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.ListModelsResponse>) responseObserver);
          break;
        case METHODID_DELETE_MODEL:
          serviceImpl.deleteModel((predictd.v1.DeleteModelRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
          break;
        case METHODID_PREDICT:
          serviceImpl.predict((predictd.v1.PredictRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.PredictResponse>) responseObserver);
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
        case METHODID_UPLOAD_MODEL:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.uploadModel(
              (io.grpc.stub.StreamObserver<predictd.v1.Model>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getUploadModelMethod(),
          io.grpc.stub.ServerCalls.asyncClientStreamingCall(
            new MethodHandlers<
              predictd.v1.UploadModelRequest,
              predictd.v1.Model>(
                service, METHODID_UPLOAD_MODEL)))
        .addMethod(
          getGetModelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.GetModelRequest,
              predictd.v1.Model>(
                service, METHODID_GET_MODEL)))
        .addMethod(
          getListModelsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.ListModelsRequest,
              predictd.v1.ListModelsResponse>(
                service, METHODID_LIST_MODELS)))
        .addMethod(
          getDeleteModelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.DeleteModelRequest,
              com.google.protobuf.Empty>(
                service, METHODID_DELETE_MODEL)))
        .addMethod(
          getPredictMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.PredictRequest,
              predictd.v1.PredictResponse>(
                service, METHODID_PREDICT)))
        .build();
  }

  private static abstract class ModelServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    ModelServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return predictd.v1.ModelServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("ModelService");
    }
  }

  private static final class ModelServiceFileDescriptorSupplier
      extends ModelServiceBaseDescriptorSupplier {
    ModelServiceFileDescriptorSupplier() {}
  }

  private static final class ModelServiceMethodDescriptorSupplier
      extends ModelServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    ModelServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (ModelServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new ModelServiceFileDescriptorSupplier())
              .addMethod(getUploadModelMethod())
              .addMethod(getGetModelMethod())
              .addMethod(getListModelsMethod())
              .addMethod(getDeleteModelMethod())
              .addMethod(getPredictMethod())
              .build();
        }
      }
    }
    return result;
  }
}
