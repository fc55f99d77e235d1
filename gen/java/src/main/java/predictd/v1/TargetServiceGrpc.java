package predictd.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Keeps the targets: named templates of tasks, from which clients of KandaSearch's API make tasks that run once. Only
 * admins may call it. Errors are those of TaskService.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class TargetServiceGrpc {

  private TargetServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "predictd.v1.TargetService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<predictd.v1.CreateTargetRequest,
      predictd.v1.Target> getCreateTargetMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateTarget",
      requestType = predictd.v1.CreateTargetRequest.class,
      responseType = predictd.v1.Target.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.CreateTargetRequest,
      predictd.v1.Target> getCreateTargetMethod() {
    io.grpc.MethodDescriptor<predictd.v1.CreateTargetRequest, predictd.v1.Target> getCreateTargetMethod;
    if ((getCreateTargetMethod = TargetServiceGrpc.getCreateTargetMethod) == null) {
      synchronized (TargetServiceGrpc.class) {
        if ((getCreateTargetMethod = TargetServiceGrpc.getCreateTargetMethod) == null) {
          TargetServiceGrpc.getCreateTargetMethod = getCreateTargetMethod =
              io.grpc.MethodDescriptor.<predictd.v1.CreateTargetRequest, predictd.v1.Target>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateTarget"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.CreateTargetRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Target.getDefaultInstance()))
              .setSchemaDescriptor(new TargetServiceMethodDescriptorSupplier("CreateTarget"))
              .build();
        }
      }
    }
    return getCreateTargetMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.GetTargetRequest,
      predictd.v1.Target> getGetTargetMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetTarget",
      requestType = predictd.v1.GetTargetRequest.class,
      responseType = predictd.v1.Target.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.GetTargetRequest,
      predictd.v1.Target> getGetTargetMethod() {
    io.grpc.MethodDescriptor<predictd.v1.GetTargetRequest, predictd.v1.Target> getGetTargetMethod;
    if ((getGetTargetMethod = TargetServiceGrpc.getGetTargetMethod) == null) {
      synchronized (TargetServiceGrpc.class) {
        if ((getGetTargetMethod = TargetServiceGrpc.getGetTargetMethod) == null) {
          TargetServiceGrpc.getGetTargetMethod = getGetTargetMethod =
              io.grpc.MethodDescriptor.<predictd.v1.GetTargetRequest, predictd.v1.Target>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetTarget"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.GetTargetRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Target.getDefaultInstance()))
              .setSchemaDescriptor(new TargetServiceMethodDescriptorSupplier("GetTarget"))
              .build();
        }
      }
    }
    return getGetTargetMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.ListTargetsRequest,
      predictd.v1.ListTargetsResponse> getListTargetsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListTargets",
      requestType = predictd.v1.ListTargetsRequest.class,
      responseType = predictd.v1.ListTargetsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.ListTargetsRequest,
      predictd.v1.ListTargetsResponse> getListTargetsMethod() {
    io.grpc.MethodDescriptor<predictd.v1.ListTargetsRequest, predictd.v1.ListTargetsResponse> getListTargetsMethod;
    if ((getListTargetsMethod = TargetServiceGrpc.getListTargetsMethod) == null) {
      synchronized (TargetServiceGrpc.class) {
        if ((getListTargetsMethod = TargetServiceGrpc.getListTargetsMethod) == null) {
          TargetServiceGrpc.getListTargetsMethod = getListTargetsMethod =
              io.grpc.MethodDescriptor.<predictd.v1.ListTargetsRequest, predictd.v1.ListTargetsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListTargets"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ListTargetsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ListTargetsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TargetServiceMethodDescriptorSupplier("ListTargets"))
              .build();
        }
      }
    }
    return getListTargetsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.DeleteTargetRequest,
      com.google.protobuf.Empty> getDeleteTargetMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteTarget",
      requestType = predictd.v1.DeleteTargetRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.DeleteTargetRequest,
      com.google.protobuf.Empty> getDeleteTargetMethod() {
    io.grpc.MethodDescriptor<predictd.v1.DeleteTargetRequest, com.google.protobuf.Empty> getDeleteTargetMethod;
    if ((getDeleteTargetMethod = TargetServiceGrpc.getDeleteTargetMethod) == null) {
      synchronized (TargetServiceGrpc.class) {
        if ((getDeleteTargetMethod = TargetServiceGrpc.getDeleteTargetMethod) == null) {
          TargetServiceGrpc.getDeleteTargetMethod = getDeleteTargetMethod =
              io.grpc.MethodDescriptor.<predictd.v1.DeleteTargetRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteTarget"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.DeleteTargetRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new TargetServiceMethodDescriptorSupplier("DeleteTarget"))
              .build();
        }
      }
    }
    return getDeleteTargetMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static TargetServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TargetServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TargetServiceStub>() {
        @java.lang.Override
        public TargetServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TargetServiceStub(channel, callOptions);
        }
      };
    return TargetServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static TargetServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TargetServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TargetServiceBlockingStub>() {
        @java.lang.Override
        public TargetServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TargetServiceBlockingStub(channel, callOptions);
        }
      };
    return TargetServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static TargetServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TargetServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TargetServiceFutureStub>() {
        @java.lang.Override
        public TargetServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TargetServiceFutureStub(channel, callOptions);
        }
      };
    return TargetServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Keeps the targets: named templates of tasks, from which clients of KandaSearch's API make tasks that run once. Only
   * admins may call it. Errors are those of TaskService.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Makes a target. It is checked as a task of its owner would be. ALREADY_EXISTS if the name is taken.
     * </pre>
     */
    default void createTarget(predictd.v1.CreateTargetRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Target> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateTargetMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads a target. NOT_FOUND if there is none of the name.
     * </pre>
     */
    default void getTarget(predictd.v1.GetTargetRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Target> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetTargetMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the targets by name.
     * </pre>
     */
    default void listTargets(predictd.v1.ListTargetsRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ListTargetsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListTargetsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes a target. Tasks that were made from it stay as they are. NOT_FOUND if there is none of the name.
     * </pre>
     */
    default void deleteTarget(predictd.v1.DeleteTargetRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteTargetMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service TargetService.
   * <pre>
   * Keeps the targets: named templates of tasks, from which clients of KandaSearch's API make tasks that run once. Only
   * admins may call it. Errors are those of TaskService.
   * </pre>
   */
  public static abstract class TargetServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return TargetServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service TargetService.
   * <pre>
   * Keeps the targets: named templates of tasks, from which clients of KandaSearch's API make tasks that run once. Only
   * admins may call it. Errors are those of TaskService.
   * </pre>
   */
  public static final class TargetServiceStub
      extends io.grpc.stub.AbstractAsyncStub<TargetServiceStub> {
    private TargetServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TargetServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TargetServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Makes a target. It is checked as a task of its owner would be. ALREADY_EXISTS if the name is taken.
     * </pre>
     */
    public void createTarget(predictd.v1.CreateTargetRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Target> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateTargetMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reads a target. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public void getTarget(predictd.v1.GetTargetRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Target> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetTargetMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the targets by name.
     * </pre>
     */
    public void listTargets(predictd.v1.ListTargetsRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ListTargetsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListTargetsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes a target. Tasks that were made from it stay as they are. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public void deleteTarget(predictd.v1.DeleteTargetRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteTargetMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service TargetService.
   * <pre>
   * Keeps the targets: named templates of tasks, from which clients of KandaSearch's API make tasks that run once. Only
   * admins may call it. Errors are those of TaskService.
   * </pre>
   */
  public static final class TargetServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<TargetServiceBlockingStub> {
    private TargetServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TargetServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TargetServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Makes a target. It is checked as a task of its owner would be. ALREADY_EXISTS if the name is taken.
     * </pre>
     */
    public predictd.v1.Target createTarget(predictd.v1.CreateTargetRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateTargetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads a target. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public predictd.v1.Target getTarget(predictd.v1.GetTargetRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetTargetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the targets by name.
     * </pre>
     */
    public predictd.v1.ListTargetsResponse listTargets(predictd.v1.ListTargetsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListTargetsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a target. Tasks that were made from it stay as they are. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public com.google.protobuf.Empty deleteTarget(predictd.v1.DeleteTargetRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteTargetMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service TargetService.
   * <pre>
   * Keeps the targets: named templates of tasks, from which clients of KandaSearch's API make tasks that run once. Only
   * admins may call it. Errors are those of TaskService.
   * </pre>
   */
  public static final class TargetServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<TargetServiceFutureStub> {
    private TargetServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TargetServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TargetServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Makes a target. It is checked as a task of its owner would be. ALREADY_EXISTS if the name is taken.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Target> createTarget(
        predictd.v1.CreateTargetRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateTargetMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reads a target. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Target> getTarget(
        predictd.v1.GetTargetRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetTargetMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the targets by name.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.ListTargetsResponse> listTargets(
        predictd.v1.ListTargetsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListTargetsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes a target. Tasks that were made from it stay as they are. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> deleteTarget(
        predictd.v1.DeleteTargetRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteTargetMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_TARGET = 0;
  private static final int METHODID_GET_TARGET = 1;
  private static final int METHODID_LIST_TARGETS = 2;
  private static final int METHODID_DELETE_TARGET = 3;

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
        case METHODID_CREATE_TARGET:
          serviceImpl.createTarget((predictd.v1.CreateTargetRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Target>) responseObserver);
          break;
        case METHODID_GET_TARGET:
          serviceImpl.getTarget((predictd.v1.GetTargetRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Target>) responseObserver);
          break;
        case METHODID_LIST_TARGETS:
          serviceImpl.listTargets((predictd.v1.ListTargetsRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.ListTargetsResponse>) responseObserver);
          break;
        case METHODID_DELETE_TARGET:
          serviceImpl.deleteTarget((predictd.v1.DeleteTargetRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
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
          getCreateTargetMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.CreateTargetRequest,
              predictd.v1.Target>(
                service, METHODID_CREATE_TARGET)))
        .addMethod(
          getGetTargetMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.GetTargetRequest,
              predictd.v1.Target>(
                service, METHODID_GET_TARGET)))
        .addMethod(
          getListTargetsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.ListTargetsRequest,
              predictd.v1.ListTargetsResponse>(
                service, METHODID_LIST_TARGETS)))
        .addMethod(
          getDeleteTargetMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.DeleteTargetRequest,
              com.google.protobuf.Empty>(
                service, METHODID_DELETE_TARGET)))
        .build();
  }

  private static abstract class TargetServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    TargetServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return predictd.v1.TargetServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("TargetService");
    }
  }

  private static final class TargetServiceFileDescriptorSupplier
      extends TargetServiceBaseDescriptorSupplier {
    TargetServiceFileDescriptorSupplier() {}
  }

  private static final class TargetServiceMethodDescriptorSupplier
      extends TargetServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    TargetServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (TargetServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new TargetServiceFileDescriptorSupplier())
              .addMethod(getCreateTargetMethod())
              .addMethod(getGetTargetMethod())
              .addMethod(getListTargetsMethod())
              .addMethod(getDeleteTargetMethod())
              .build();
        }
      }
    }
    return result;
  }
}
