package predictd.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Keeps the users. Only admins may call it, but everybody may read themselves as `users/me` and reset their own
 * credentials.
 * Errors are those of TaskService.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class UserServiceGrpc {

  private UserServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "predictd.v1.UserService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<predictd.v1.CreateUserRequest,
      predictd.v1.CreateUserResponse> getCreateUserMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateUser",
      requestType = predictd.v1.CreateUserRequest.class,
      responseType = predictd.v1.CreateUserResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.CreateUserRequest,
      predictd.v1.CreateUserResponse> getCreateUserMethod() {
    io.grpc.MethodDescriptor<predictd.v1.CreateUserRequest, predictd.v1.CreateUserResponse> getCreateUserMethod;
    if ((getCreateUserMethod = UserServiceGrpc.getCreateUserMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getCreateUserMethod = UserServiceGrpc.getCreateUserMethod) == null) {
          UserServiceGrpc.getCreateUserMethod = getCreateUserMethod =
              io.grpc.MethodDescriptor.<predictd.v1.CreateUserRequest, predictd.v1.CreateUserResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateUser"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.CreateUserRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.CreateUserResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("CreateUser"))
              .build();
        }
      }
    }
    return getCreateUserMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.GetUserRequest,
      predictd.v1.User> getGetUserMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetUser",
      requestType = predictd.v1.GetUserRequest.class,
      responseType = predictd.v1.User.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.GetUserRequest,
      predictd.v1.User> getGetUserMethod() {
    io.grpc.MethodDescriptor<predictd.v1.GetUserRequest, predictd.v1.User> getGetUserMethod;
    if ((getGetUserMethod = UserServiceGrpc.getGetUserMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getGetUserMethod = UserServiceGrpc.getGetUserMethod) == null) {
          UserServiceGrpc.getGetUserMethod = getGetUserMethod =
              io.grpc.MethodDescriptor.<predictd.v1.GetUserRequest, predictd.v1.User>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetUser"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.GetUserRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.User.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("GetUser"))
              .build();
        }
      }
    }
    return getGetUserMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.ListUsersRequest,
      predictd.v1.ListUsersResponse> getListUsersMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListUsers",
      requestType = predictd.v1.ListUsersRequest.class,
      responseType = predictd.v1.ListUsersResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.ListUsersRequest,
      predictd.v1.ListUsersResponse> getListUsersMethod() {
    io.grpc.MethodDescriptor<predictd.v1.ListUsersRequest, predictd.v1.ListUsersResponse> getListUsersMethod;
    if ((getListUsersMethod = UserServiceGrpc.getListUsersMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getListUsersMethod = UserServiceGrpc.getListUsersMethod) == null) {
          UserServiceGrpc.getListUsersMethod = getListUsersMethod =
              io.grpc.MethodDescriptor.<predictd.v1.ListUsersRequest, predictd.v1.ListUsersResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListUsers"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ListUsersRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ListUsersResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("ListUsers"))
              .build();
        }
      }
    }
    return getListUsersMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.DeleteUserRequest,
      com.google.protobuf.Empty> getDeleteUserMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteUser",
      requestType = predictd.v1.DeleteUserRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.DeleteUserRequest,
      com.google.protobuf.Empty> getDeleteUserMethod() {
    io.grpc.MethodDescriptor<predictd.v1.DeleteUserRequest, com.google.protobuf.Empty> getDeleteUserMethod;
    if ((getDeleteUserMethod = UserServiceGrpc.getDeleteUserMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getDeleteUserMethod = UserServiceGrpc.getDeleteUserMethod) == null) {
          UserServiceGrpc.getDeleteUserMethod = getDeleteUserMethod =
              io.grpc.MethodDescriptor.<predictd.v1.DeleteUserRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteUser"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.DeleteUserRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("DeleteUser"))
              .build();
        }
      }
    }
    return getDeleteUserMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.ResetCredentialsRequest,
      predictd.v1.ResetCredentialsResponse> getResetCredentialsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ResetCredentials",
      requestType = predictd.v1.ResetCredentialsRequest.class,
      responseType = predictd.v1.ResetCredentialsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.ResetCredentialsRequest,
      predictd.v1.ResetCredentialsResponse> getResetCredentialsMethod() {
    io.grpc.MethodDescriptor<predictd.v1.ResetCredentialsRequest, predictd.v1.ResetCredentialsResponse> getResetCredentialsMethod;
    if ((getResetCredentialsMethod = UserServiceGrpc.getResetCredentialsMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getResetCredentialsMethod = UserServiceGrpc.getResetCredentialsMethod) == null) {
          UserServiceGrpc.getResetCredentialsMethod = getResetCredentialsMethod =
              io.grpc.MethodDescriptor.<predictd.v1.ResetCredentialsRequest, predictd.v1.ResetCredentialsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ResetCredentials"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ResetCredentialsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ResetCredentialsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("ResetCredentials"))
              .build();
        }
      }
    }
    return getResetCredentialsMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static UserServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<UserServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<UserServiceStub>() {
        @java.lang.Override
        public UserServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new UserServiceStub(channel, callOptions);
        }
      };
    return UserServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static UserServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<UserServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<UserServiceBlockingStub>() {
        @java.lang.Override
        public UserServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new UserServiceBlockingStub(channel, callOptions);
        }
      };
    return UserServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static UserServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<UserServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<UserServiceFutureStub>() {
        @java.lang.Override
        public UserServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new UserServiceFutureStub(channel, callOptions);
        }
      };
    return UserServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Keeps the users. Only admins may call it, but everybody may read themselves as `users/me` and reset their own
   * credentials.
   * Errors are those of TaskService.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Makes a user, with a new token, secret key and, if none is given, password. They are in the answer and never shown
     * again. ALREADY_EXISTS if the name is taken.
     * </pre>
     */
    default void createUser(predictd.v1.CreateUserRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.CreateUserResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateUserMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads a user. NOT_FOUND if there is none of the name.
     * </pre>
     */
    default void getUser(predictd.v1.GetUserRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.User> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetUserMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the users.
     * </pre>
     */
    default void listUsers(predictd.v1.ListUsersRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ListUsersResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListUsersMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes a user, whose credentials end at once. FAILED_PRECONDITION if it still has tasks or models, or is the last
     * admin.
     * </pre>
     */
    default void deleteUser(predictd.v1.DeleteUserRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteUserMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gives a user a new token, secret key and password. They are in the answer and never shown again. Before it is sent,
     * the old ones and KandaSearch tokens made from the old password are good for nothing, and open watches, uploads and
     * backups of the user end with UNAUTHENTICATED. Nothing else changes: tasks go on. NOT_FOUND if there is no such user,
     * or the caller is another who is no admin; UNAUTHENTICATED if the caller's own credentials were reset meanwhile.
     * </pre>
     */
    default void resetCredentials(predictd.v1.ResetCredentialsRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ResetCredentialsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getResetCredentialsMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service UserService.
   * <pre>
   * Keeps the users. Only admins may call it, but everybody may read themselves as `users/me` and reset their own
   * credentials.
   * Errors are those of TaskService.
   * </pre>
   */
  public static abstract class UserServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return UserServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service UserService.
   * <pre>
   * Keeps the users. Only admins may call it, but everybody may read themselves as `users/me` and reset their own
   * credentials.
   * Errors are those of TaskService.
   * </pre>
   */
  public static final class UserServiceStub
      extends io.grpc.stub.AbstractAsyncStub<UserServiceStub> {
    private UserServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected UserServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new UserServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Makes a user, with a new token, secret key and, if none is given, password. They are in the answer and never shown
     * again. ALREADY_EXISTS if the name is taken.
     * </pre>
     */
    public void createUser(predictd.v1.CreateUserRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.CreateUserResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateUserMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reads a user. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public void getUser(predictd.v1.GetUserRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.User> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetUserMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the users.
     * </pre>
     */
    public void listUsers(predictd.v1.ListUsersRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ListUsersResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListUsersMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes a user, whose credentials end at once. FAILED_PRECONDITION if it still has tasks or models, or is the last
     * admin.
     * </pre>
     */
    public void deleteUser(predictd.v1.DeleteUserRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteUserMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gives a user a new token, secret key and password. They are in the answer and never shown again. Before it is sent,
     * the old ones and KandaSearch tokens made from the old password are good for nothing, and open watches, uploads and
     * backups of the user end with UNAUTHENTICATED. Nothing else changes: tasks go on. NOT_FOUND if there is no such user,
     * or the caller is another who is no admin; UNAUTHENTICATED if the caller's own credentials were reset meanwhile.
     * </pre>
     */
    public void resetCredentials(predictd.v1.ResetCredentialsRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ResetCredentialsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getResetCredentialsMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service UserService.
   * <pre>
   * Keeps the users. Only admins may call it, but everybody may read themselves as `users/me` and reset their own
   * credentials.
   * Errors are those of TaskService.
   * </pre>
   */
  public static final class UserServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<UserServiceBlockingStub> {
    private UserServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected UserServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new UserServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Makes a user, with a new token, secret key and, if none is given, password. They are in the answer and never shown
     * again. ALREADY_EXISTS if the name is taken.
     * </pre>
     */
    public predictd.v1.CreateUserResponse createUser(predictd.v1.CreateUserRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads a user. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public predictd.v1.User getUser(predictd.v1.GetUserRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the users.
     * </pre>
     */
    public predictd.v1.ListUsersResponse listUsers(predictd.v1.ListUsersRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListUsersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a user, whose credentials end at once. FAILED_PRECONDITION if it still has tasks or models, or is the last
     * admin.
     * </pre>
     */
    public com.google.protobuf.Empty deleteUser(predictd.v1.DeleteUserRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gives a user a new token, secret key and password. They are in the answer and never shown again. Before it is sent,
     * the old ones and KandaSearch tokens made from the old password are good for nothing, and open watches, uploads and
     * backups of the user end with UNAUTHENTICATED. Nothing else changes: tasks go on. NOT_FOUND if there is no such user,
     * or the caller is another who is no admin; UNAUTHENTICATED if the caller's own credentials were reset meanwhile.
     * </pre>
     */
    public predictd.v1.ResetCredentialsResponse resetCredentials(predictd.v1.ResetCredentialsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getResetCredentialsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service UserService.
   * <pre>
   * Keeps the users. Only admins may call it, but everybody may read themselves as `users/me` and reset their own
   * credentials.
   * Errors are those of TaskService.
   * </pre>
   */
  public static final class UserServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<UserServiceFutureStub> {
    private UserServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected UserServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new UserServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Makes a user, with a new token, secret key and, if none is given, password. They are in the answer and never shown
     * again. ALREADY_EXISTS if the name is taken.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.CreateUserResponse> createUser(
        predictd.v1.CreateUserRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateUserMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reads a user. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.User> getUser(
        predictd.v1.GetUserRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetUserMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the users.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.ListUsersResponse> listUsers(
        predictd.v1.ListUsersRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListUsersMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes a user, whose credentials end at once. FAILED_PRECONDITION if it still has tasks or models, or is the last
     * admin.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> deleteUser(
        predictd.v1.DeleteUserRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteUserMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gives a user a new token, secret key and password. They are in the answer and never shown again. Before it is sent,
     * the old ones and KandaSearch tokens made from the old password are good for nothing, and open watches, uploads and
     * backups of the user end with UNAUTHENTICATED. Nothing else changes: tasks go on. NOT_FOUND if there is no such user,
     * or the caller is another who is no admin; UNAUTHENTICATED if the caller's own credentials were reset meanwhile.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.ResetCredentialsResponse> resetCredentials(
        predictd.v1.ResetCredentialsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getResetCredentialsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_USER = 0;
  private static final int METHODID_GET_USER = 1;
  private static final int METHODID_LIST_USERS = 2;
  private static final int METHODID_DELETE_USER = 3;
  private static final int METHODID_RESET_CREDENTIALS = 4;

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
        case METHODID_CREATE_USER:
          serviceImpl.createUser((predictd.v1.CreateUserRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.CreateUserResponse>) responseObserver);
          break;
        case METHODID_GET_USER:
          serviceImpl.getUser((predictd.v1.GetUserRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.User>) responseObserver);
          break;
        case METHODID_LIST_USERS:
          serviceImpl.listUsers((predictd.v1.ListUsersRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.ListUsersResponse>) responseObserver);
          break;
        case METHODID_DELETE_USER:
          serviceImpl.deleteUser((predictd.v1.DeleteUserRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
          break;
        case METHODID_RESET_CREDENTIALS:
          serviceImpl.resetCredentials((predictd.v1.ResetCredentialsRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.ResetCredentialsResponse>) responseObserver);
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
          getCreateUserMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.CreateUserRequest,
              predictd.v1.CreateUserResponse>(
                service, METHODID_CREATE_USER)))
        .addMethod(
          getGetUserMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.GetUserRequest,
              predictd.v1.User>(
                service, METHODID_GET_USER)))
        .addMethod(
          getListUsersMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.ListUsersRequest,
              predictd.v1.ListUsersResponse>(
                service, METHODID_LIST_USERS)))
        .addMethod(
          getDeleteUserMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.DeleteUserRequest,
              com.google.protobuf.Empty>(
                service, METHODID_DELETE_USER)))
        .addMethod(
          getResetCredentialsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.ResetCredentialsRequest,
              predictd.v1.ResetCredentialsResponse>(
                service, METHODID_RESET_CREDENTIALS)))
        .build();
  }

  private static abstract class UserServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    UserServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return predictd.v1.UserServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("UserService");
    }
  }

  private static final class UserServiceFileDescriptorSupplier
      extends UserServiceBaseDescriptorSupplier {
    UserServiceFileDescriptorSupplier() {}
  }

  private static final class UserServiceMethodDescriptorSupplier
      extends UserServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    UserServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (UserServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new UserServiceFileDescriptorSupplier())
              .addMethod(getCreateUserMethod())
              .addMethod(getGetUserMethod())
              .addMethod(getListUsersMethod())
              .addMethod(getDeleteUserMethod())
              .addMethod(getResetCredentialsMethod())
              .build();
        }
      }
    }
    return result;
  }
}
