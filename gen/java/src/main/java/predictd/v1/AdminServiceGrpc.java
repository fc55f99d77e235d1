package predictd.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Keeps the service as a whole. Only admins may call it. Errors are those of TaskService.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class AdminServiceGrpc {

  private AdminServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "predictd.v1.AdminService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<predictd.v1.BackupRequest,
      com.google.api.HttpBody> getBackupMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Backup",
      requestType = predictd.v1.BackupRequest.class,
      responseType = com.google.api.HttpBody.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<predictd.v1.BackupRequest,
      com.google.api.HttpBody> getBackupMethod() {
    io.grpc.MethodDescriptor<predictd.v1.BackupRequest, com.google.api.HttpBody> getBackupMethod;
    if ((getBackupMethod = AdminServiceGrpc.getBackupMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getBackupMethod = AdminServiceGrpc.getBackupMethod) == null) {
          AdminServiceGrpc.getBackupMethod = getBackupMethod =
              io.grpc.MethodDescriptor.<predictd.v1.BackupRequest, com.google.api.HttpBody>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Backup"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.BackupRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.api.HttpBody.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("Backup"))
              .build();
        }
      }
    }
    return getBackupMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.GetLogLevelRequest,
      predictd.v1.GetLogLevelResponse> getGetLogLevelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetLogLevel",
      requestType = predictd.v1.GetLogLevelRequest.class,
      responseType = predictd.v1.GetLogLevelResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.GetLogLevelRequest,
      predictd.v1.GetLogLevelResponse> getGetLogLevelMethod() {
    io.grpc.MethodDescriptor<predictd.v1.GetLogLevelRequest, predictd.v1.GetLogLevelResponse> getGetLogLevelMethod;
    if ((getGetLogLevelMethod = AdminServiceGrpc.getGetLogLevelMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetLogLevelMethod = AdminServiceGrpc.getGetLogLevelMethod) == null) {
          AdminServiceGrpc.getGetLogLevelMethod = getGetLogLevelMethod =
              io.grpc.MethodDescriptor.<predictd.v1.GetLogLevelRequest, predictd.v1.GetLogLevelResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetLogLevel"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.GetLogLevelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.GetLogLevelResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetLogLevel"))
              .build();
        }
      }
    }
    return getGetLogLevelMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.SetLogLevelRequest,
      predictd.v1.SetLogLevelResponse> getSetLogLevelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "SetLogLevel",
      requestType = predictd.v1.SetLogLevelRequest.class,
      responseType = predictd.v1.SetLogLevelResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.SetLogLevelRequest,
      predictd.v1.SetLogLevelResponse> getSetLogLevelMethod() {
    io.grpc.MethodDescriptor<predictd.v1.SetLogLevelRequest, predictd.v1.SetLogLevelResponse> getSetLogLevelMethod;
    if ((getSetLogLevelMethod = AdminServiceGrpc.getSetLogLevelMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getSetLogLevelMethod = AdminServiceGrpc.getSetLogLevelMethod) == null) {
          AdminServiceGrpc.getSetLogLevelMethod = getSetLogLevelMethod =
              io.grpc.MethodDescriptor.<predictd.v1.SetLogLevelRequest, predictd.v1.SetLogLevelResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "SetLogLevel"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.SetLogLevelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.SetLogLevelResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("SetLogLevel"))
              .build();
        }
      }
    }
    return getSetLogLevelMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static AdminServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceStub>() {
        @java.lang.Override
        public AdminServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceStub(channel, callOptions);
        }
      };
    return AdminServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static AdminServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingStub>() {
        @java.lang.Override
        public AdminServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceBlockingStub(channel, callOptions);
        }
      };
    return AdminServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static AdminServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceFutureStub>() {
        @java.lang.Override
        public AdminServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceFutureStub(channel, callOptions);
        }
      };
    return AdminServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Keeps the service as a whole. Only admins may call it. Errors are those of TaskService.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Streams a tar archive of everything that the service keeps, as of one moment and while it goes on: the database, the
     * key that opens the secrets in it, and the models. Whoever has the archive has the secrets. UNAVAILABLE if the disk is
     * too full for a copy of the database.
     * </pre>
     */
    default void backup(predictd.v1.BackupRequest request,
        io.grpc.stub.StreamObserver<com.google.api.HttpBody> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBackupMethod(), responseObserver);
    }

    /**
     * <pre>
     * Tells how much the service logs now.
     * </pre>
     */
    default void getLogLevel(predictd.v1.GetLogLevelRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.GetLogLevelResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetLogLevelMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes how much the service logs, at once and until it ends; what it begins with is a setting. INVALID_ARGUMENT if
     * no level is given.
     * </pre>
     */
    default void setLogLevel(predictd.v1.SetLogLevelRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.SetLogLevelResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getSetLogLevelMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service AdminService.
   * <pre>
   * Keeps the service as a whole. Only admins may call it. Errors are those of TaskService.
   * </pre>
   */
  public static abstract class AdminServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return AdminServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service AdminService.
   * <pre>
   * Keeps the service as a whole. Only admins may call it. Errors are those of TaskService.
   * </pre>
   */
  public static final class AdminServiceStub
      extends io.grpc.stub.AbstractAsyncStub<AdminServiceStub> {
    private AdminServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Streams a tar archive of everything that the service keeps, as of one moment and while it goes on: the database, the
     * key that opens the secrets in it, and the models. Whoever has the archive has the secrets. UNAVAILABLE if the disk is
     * too full for a copy of the database.
     * </pre>
     */
    public void backup(predictd.v1.BackupRequest request,
        io.grpc.stub.StreamObserver<com.google.api.HttpBody> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getBackupMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Tells how much the service logs now.
     * </pre>
     */
    public void getLogLevel(predictd.v1.GetLogLevelRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.GetLogLevelResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetLogLevelMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes how much the service logs, at once and until it ends; what it begins with is a setting. INVALID_ARGUMENT if
     * no level is given.
     * </pre>
     */
    public void setLogLevel(predictd.v1.SetLogLevelRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.SetLogLevelResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getSetLogLevelMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service AdminService.
   * <pre>
   * Keeps the service as a whole. Only admins may call it. Errors are those of TaskService.
   * </pre>
   */
  public static final class AdminServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<AdminServiceBlockingStub> {
    private AdminServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Streams a tar archive of everything that the service keeps, as of one moment and while it goes on: the database, the
     * key that opens the secrets in it, and the models. Whoever has the archive has the secrets. UNAVAILABLE if the disk is
     * too full for a copy of the database.
     * </pre>
     */
    public java.util.Iterator<com.google.api.HttpBody> backup(
        predictd.v1.BackupRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getBackupMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells how much the service logs now.
     * </pre>
     */
    public predictd.v1.GetLogLevelResponse getLogLevel(predictd.v1.GetLogLevelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetLogLevelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes how much the service logs, at once and until it ends; what it begins with is a setting. INVALID_ARGUMENT if
     * no level is given.
     * </pre>
     */
    public predictd.v1.SetLogLevelResponse setLogLevel(predictd.v1.SetLogLevelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getSetLogLevelMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service AdminService.
   * <pre>
   * Keeps the service as a whole. Only admins may call it. Errors are those of TaskService.
   * </pre>
   */
  public static final class AdminServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<AdminServiceFutureStub> {
    private AdminServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Tells how much the service logs now.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.GetLogLevelResponse> getLogLevel(
        predictd.v1.GetLogLevelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetLogLevelMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes how much the service logs, at once and until it ends; what it begins with is a setting. INVALID_ARGUMENT if
     * no level is given.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.SetLogLevelResponse> setLogLevel(
        predictd.v1.SetLogLevelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getSetLogLevelMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_BACKUP = 0;
  private static final int METHODID_GET_LOG_LEVEL = 1;
  private static final int METHODID_SET_LOG_LEVEL = 2;

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
        case METHODID_BACKUP:
          serviceImpl.backup((predictd.v1.BackupRequest) request,
              (io.grpc.stub.StreamObserver<com.google.api.HttpBody>) responseObserver);
          break;
        case METHODID_GET_LOG_LEVEL:
          serviceImpl.getLogLevel((predictd.v1.GetLogLevelRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.GetLogLevelResponse>) responseObserver);
          break;
        case METHODID_SET_LOG_LEVEL:
          serviceImpl.setLogLevel((predictd.v1.SetLogLevelRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.SetLogLevelResponse>) responseObserver);
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
          getBackupMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              predictd.v1.BackupRequest,
              com.google.api.HttpBody>(
                service, METHODID_BACKUP)))
        .addMethod(
          getGetLogLevelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.GetLogLevelRequest,
              predictd.v1.GetLogLevelResponse>(
                service, METHODID_GET_LOG_LEVEL)))
        .addMethod(
          getSetLogLevelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.SetLogLevelRequest,
              predictd.v1.SetLogLevelResponse>(
                service, METHODID_SET_LOG_LEVEL)))
        .build();
  }

  private static abstract class AdminServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    AdminServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return predictd.v1.AdminServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("AdminService");
    }
  }

  private static final class AdminServiceFileDescriptorSupplier
      extends AdminServiceBaseDescriptorSupplier {
    AdminServiceFileDescriptorSupplier() {}
  }

  private static final class AdminServiceMethodDescriptorSupplier
      extends AdminServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    AdminServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (AdminServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new AdminServiceFileDescriptorSupplier())
              .addMethod(getBackupMethod())
              .addMethod(getGetLogLevelMethod())
              .addMethod(getSetLogLevelMethod())
              .build();
        }
      }
    }
    return result;
  }
}
