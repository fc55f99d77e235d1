package predictd.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Defines, steers and watches tasks.
 * Every call fails with UNAUTHENTICATED without valid credentials, PERMISSION_DENIED if the role does not allow it, and
 * INVALID_ARGUMENT with field violations if the request does not make sense. A task of another user is NOT_FOUND, except
 * for admins. `users/me` names the caller in every resource name.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class TaskServiceGrpc {

  private TaskServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "predictd.v1.TaskService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<predictd.v1.CreateTaskRequest,
      predictd.v1.Task> getCreateTaskMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateTask",
      requestType = predictd.v1.CreateTaskRequest.class,
      responseType = predictd.v1.Task.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.CreateTaskRequest,
      predictd.v1.Task> getCreateTaskMethod() {
    io.grpc.MethodDescriptor<predictd.v1.CreateTaskRequest, predictd.v1.Task> getCreateTaskMethod;
    if ((getCreateTaskMethod = TaskServiceGrpc.getCreateTaskMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getCreateTaskMethod = TaskServiceGrpc.getCreateTaskMethod) == null) {
          TaskServiceGrpc.getCreateTaskMethod = getCreateTaskMethod =
              io.grpc.MethodDescriptor.<predictd.v1.CreateTaskRequest, predictd.v1.Task>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateTask"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.CreateTaskRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Task.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("CreateTask"))
              .build();
        }
      }
    }
    return getCreateTaskMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.GetTaskRequest,
      predictd.v1.Task> getGetTaskMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetTask",
      requestType = predictd.v1.GetTaskRequest.class,
      responseType = predictd.v1.Task.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.GetTaskRequest,
      predictd.v1.Task> getGetTaskMethod() {
    io.grpc.MethodDescriptor<predictd.v1.GetTaskRequest, predictd.v1.Task> getGetTaskMethod;
    if ((getGetTaskMethod = TaskServiceGrpc.getGetTaskMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getGetTaskMethod = TaskServiceGrpc.getGetTaskMethod) == null) {
          TaskServiceGrpc.getGetTaskMethod = getGetTaskMethod =
              io.grpc.MethodDescriptor.<predictd.v1.GetTaskRequest, predictd.v1.Task>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetTask"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.GetTaskRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Task.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("GetTask"))
              .build();
        }
      }
    }
    return getGetTaskMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.ListTasksRequest,
      predictd.v1.ListTasksResponse> getListTasksMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListTasks",
      requestType = predictd.v1.ListTasksRequest.class,
      responseType = predictd.v1.ListTasksResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.ListTasksRequest,
      predictd.v1.ListTasksResponse> getListTasksMethod() {
    io.grpc.MethodDescriptor<predictd.v1.ListTasksRequest, predictd.v1.ListTasksResponse> getListTasksMethod;
    if ((getListTasksMethod = TaskServiceGrpc.getListTasksMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getListTasksMethod = TaskServiceGrpc.getListTasksMethod) == null) {
          TaskServiceGrpc.getListTasksMethod = getListTasksMethod =
              io.grpc.MethodDescriptor.<predictd.v1.ListTasksRequest, predictd.v1.ListTasksResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListTasks"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ListTasksRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ListTasksResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("ListTasks"))
              .build();
        }
      }
    }
    return getListTasksMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.UpdateTaskRequest,
      predictd.v1.Task> getUpdateTaskMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateTask",
      requestType = predictd.v1.UpdateTaskRequest.class,
      responseType = predictd.v1.Task.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.UpdateTaskRequest,
      predictd.v1.Task> getUpdateTaskMethod() {
    io.grpc.MethodDescriptor<predictd.v1.UpdateTaskRequest, predictd.v1.Task> getUpdateTaskMethod;
    if ((getUpdateTaskMethod = TaskServiceGrpc.getUpdateTaskMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getUpdateTaskMethod = TaskServiceGrpc.getUpdateTaskMethod) == null) {
          TaskServiceGrpc.getUpdateTaskMethod = getUpdateTaskMethod =
              io.grpc.MethodDescriptor.<predictd.v1.UpdateTaskRequest, predictd.v1.Task>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateTask"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.UpdateTaskRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Task.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("UpdateTask"))
              .build();
        }
      }
    }
    return getUpdateTaskMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.DeleteTaskRequest,
      com.google.protobuf.Empty> getDeleteTaskMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteTask",
      requestType = predictd.v1.DeleteTaskRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.DeleteTaskRequest,
      com.google.protobuf.Empty> getDeleteTaskMethod() {
    io.grpc.MethodDescriptor<predictd.v1.DeleteTaskRequest, com.google.protobuf.Empty> getDeleteTaskMethod;
    if ((getDeleteTaskMethod = TaskServiceGrpc.getDeleteTaskMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getDeleteTaskMethod = TaskServiceGrpc.getDeleteTaskMethod) == null) {
          TaskServiceGrpc.getDeleteTaskMethod = getDeleteTaskMethod =
              io.grpc.MethodDescriptor.<predictd.v1.DeleteTaskRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteTask"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.DeleteTaskRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("DeleteTask"))
              .build();
        }
      }
    }
    return getDeleteTaskMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.StartTaskRequest,
      predictd.v1.Execution> getStartTaskMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StartTask",
      requestType = predictd.v1.StartTaskRequest.class,
      responseType = predictd.v1.Execution.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.StartTaskRequest,
      predictd.v1.Execution> getStartTaskMethod() {
    io.grpc.MethodDescriptor<predictd.v1.StartTaskRequest, predictd.v1.Execution> getStartTaskMethod;
    if ((getStartTaskMethod = TaskServiceGrpc.getStartTaskMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getStartTaskMethod = TaskServiceGrpc.getStartTaskMethod) == null) {
          TaskServiceGrpc.getStartTaskMethod = getStartTaskMethod =
              io.grpc.MethodDescriptor.<predictd.v1.StartTaskRequest, predictd.v1.Execution>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StartTask"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.StartTaskRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Execution.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("StartTask"))
              .build();
        }
      }
    }
    return getStartTaskMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.StopTaskRequest,
      predictd.v1.Task> getStopTaskMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StopTask",
      requestType = predictd.v1.StopTaskRequest.class,
      responseType = predictd.v1.Task.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.StopTaskRequest,
      predictd.v1.Task> getStopTaskMethod() {
    io.grpc.MethodDescriptor<predictd.v1.StopTaskRequest, predictd.v1.Task> getStopTaskMethod;
    if ((getStopTaskMethod = TaskServiceGrpc.getStopTaskMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getStopTaskMethod = TaskServiceGrpc.getStopTaskMethod) == null) {
          TaskServiceGrpc.getStopTaskMethod = getStopTaskMethod =
              io.grpc.MethodDescriptor.<predictd.v1.StopTaskRequest, predictd.v1.Task>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StopTask"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.StopTaskRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Task.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("StopTask"))
              .build();
        }
      }
    }
    return getStopTaskMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.SwapModelRequest,
      predictd.v1.Task> getSwapModelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "SwapModel",
      requestType = predictd.v1.SwapModelRequest.class,
      responseType = predictd.v1.Task.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.SwapModelRequest,
      predictd.v1.Task> getSwapModelMethod() {
    io.grpc.MethodDescriptor<predictd.v1.SwapModelRequest, predictd.v1.Task> getSwapModelMethod;
    if ((getSwapModelMethod = TaskServiceGrpc.getSwapModelMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getSwapModelMethod = TaskServiceGrpc.getSwapModelMethod) == null) {
          TaskServiceGrpc.getSwapModelMethod = getSwapModelMethod =
              io.grpc.MethodDescriptor.<predictd.v1.SwapModelRequest, predictd.v1.Task>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "SwapModel"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.SwapModelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Task.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("SwapModel"))
              .build();
        }
      }
    }
    return getSwapModelMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.ShadowModelRequest,
      predictd.v1.Task> getShadowModelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ShadowModel",
      requestType = predictd.v1.ShadowModelRequest.class,
      responseType = predictd.v1.Task.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.ShadowModelRequest,
      predictd.v1.Task> getShadowModelMethod() {
    io.grpc.MethodDescriptor<predictd.v1.ShadowModelRequest, predictd.v1.Task> getShadowModelMethod;
    if ((getShadowModelMethod = TaskServiceGrpc.getShadowModelMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getShadowModelMethod = TaskServiceGrpc.getShadowModelMethod) == null) {
          TaskServiceGrpc.getShadowModelMethod = getShadowModelMethod =
              io.grpc.MethodDescriptor.<predictd.v1.ShadowModelRequest, predictd.v1.Task>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ShadowModel"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ShadowModelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Task.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("ShadowModel"))
              .build();
        }
      }
    }
    return getShadowModelMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.PromoteShadowRequest,
      predictd.v1.Task> getPromoteShadowMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "PromoteShadow",
      requestType = predictd.v1.PromoteShadowRequest.class,
      responseType = predictd.v1.Task.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.PromoteShadowRequest,
      predictd.v1.Task> getPromoteShadowMethod() {
    io.grpc.MethodDescriptor<predictd.v1.PromoteShadowRequest, predictd.v1.Task> getPromoteShadowMethod;
    if ((getPromoteShadowMethod = TaskServiceGrpc.getPromoteShadowMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getPromoteShadowMethod = TaskServiceGrpc.getPromoteShadowMethod) == null) {
          TaskServiceGrpc.getPromoteShadowMethod = getPromoteShadowMethod =
              io.grpc.MethodDescriptor.<predictd.v1.PromoteShadowRequest, predictd.v1.Task>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "PromoteShadow"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.PromoteShadowRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Task.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("PromoteShadow"))
              .build();
        }
      }
    }
    return getPromoteShadowMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.DropShadowRequest,
      predictd.v1.Task> getDropShadowMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DropShadow",
      requestType = predictd.v1.DropShadowRequest.class,
      responseType = predictd.v1.Task.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.DropShadowRequest,
      predictd.v1.Task> getDropShadowMethod() {
    io.grpc.MethodDescriptor<predictd.v1.DropShadowRequest, predictd.v1.Task> getDropShadowMethod;
    if ((getDropShadowMethod = TaskServiceGrpc.getDropShadowMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getDropShadowMethod = TaskServiceGrpc.getDropShadowMethod) == null) {
          TaskServiceGrpc.getDropShadowMethod = getDropShadowMethod =
              io.grpc.MethodDescriptor.<predictd.v1.DropShadowRequest, predictd.v1.Task>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DropShadow"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.DropShadowRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Task.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("DropShadow"))
              .build();
        }
      }
    }
    return getDropShadowMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.RollbackModelRequest,
      predictd.v1.Task> getRollbackModelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RollbackModel",
      requestType = predictd.v1.RollbackModelRequest.class,
      responseType = predictd.v1.Task.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.RollbackModelRequest,
      predictd.v1.Task> getRollbackModelMethod() {
    io.grpc.MethodDescriptor<predictd.v1.RollbackModelRequest, predictd.v1.Task> getRollbackModelMethod;
    if ((getRollbackModelMethod = TaskServiceGrpc.getRollbackModelMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getRollbackModelMethod = TaskServiceGrpc.getRollbackModelMethod) == null) {
          TaskServiceGrpc.getRollbackModelMethod = getRollbackModelMethod =
              io.grpc.MethodDescriptor.<predictd.v1.RollbackModelRequest, predictd.v1.Task>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RollbackModel"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.RollbackModelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.Task.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("RollbackModel"))
              .build();
        }
      }
    }
    return getRollbackModelMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.ValidateTaskRequest,
      predictd.v1.ValidateTaskResponse> getValidateTaskMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ValidateTask",
      requestType = predictd.v1.ValidateTaskRequest.class,
      responseType = predictd.v1.ValidateTaskResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.ValidateTaskRequest,
      predictd.v1.ValidateTaskResponse> getValidateTaskMethod() {
    io.grpc.MethodDescriptor<predictd.v1.ValidateTaskRequest, predictd.v1.ValidateTaskResponse> getValidateTaskMethod;
    if ((getValidateTaskMethod = TaskServiceGrpc.getValidateTaskMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getValidateTaskMethod = TaskServiceGrpc.getValidateTaskMethod) == null) {
          TaskServiceGrpc.getValidateTaskMethod = getValidateTaskMethod =
              io.grpc.MethodDescriptor.<predictd.v1.ValidateTaskRequest, predictd.v1.ValidateTaskResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ValidateTask"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ValidateTaskRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ValidateTaskResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("ValidateTask"))
              .build();
        }
      }
    }
    return getValidateTaskMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.WatchTasksRequest,
      predictd.v1.WatchTasksResponse> getWatchTasksMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchTasks",
      requestType = predictd.v1.WatchTasksRequest.class,
      responseType = predictd.v1.WatchTasksResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<predictd.v1.WatchTasksRequest,
      predictd.v1.WatchTasksResponse> getWatchTasksMethod() {
    io.grpc.MethodDescriptor<predictd.v1.WatchTasksRequest, predictd.v1.WatchTasksResponse> getWatchTasksMethod;
    if ((getWatchTasksMethod = TaskServiceGrpc.getWatchTasksMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getWatchTasksMethod = TaskServiceGrpc.getWatchTasksMethod) == null) {
          TaskServiceGrpc.getWatchTasksMethod = getWatchTasksMethod =
              io.grpc.MethodDescriptor.<predictd.v1.WatchTasksRequest, predictd.v1.WatchTasksResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchTasks"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.WatchTasksRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.WatchTasksResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("WatchTasks"))
              .build();
        }
      }
    }
    return getWatchTasksMethod;
  }

  private static volatile io.grpc.MethodDescriptor<predictd.v1.ListEventsRequest,
      predictd.v1.ListEventsResponse> getListEventsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListEvents",
      requestType = predictd.v1.ListEventsRequest.class,
      responseType = predictd.v1.ListEventsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<predictd.v1.ListEventsRequest,
      predictd.v1.ListEventsResponse> getListEventsMethod() {
    io.grpc.MethodDescriptor<predictd.v1.ListEventsRequest, predictd.v1.ListEventsResponse> getListEventsMethod;
    if ((getListEventsMethod = TaskServiceGrpc.getListEventsMethod) == null) {
      synchronized (TaskServiceGrpc.class) {
        if ((getListEventsMethod = TaskServiceGrpc.getListEventsMethod) == null) {
          TaskServiceGrpc.getListEventsMethod = getListEventsMethod =
              io.grpc.MethodDescriptor.<predictd.v1.ListEventsRequest, predictd.v1.ListEventsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListEvents"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ListEventsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  predictd.v1.ListEventsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TaskServiceMethodDescriptorSupplier("ListEvents"))
              .build();
        }
      }
    }
    return getListEventsMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static TaskServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TaskServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TaskServiceStub>() {
        @java.lang.Override
        public TaskServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TaskServiceStub(channel, callOptions);
        }
      };
    return TaskServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static TaskServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TaskServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TaskServiceBlockingStub>() {
        @java.lang.Override
        public TaskServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TaskServiceBlockingStub(channel, callOptions);
        }
      };
    return TaskServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static TaskServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TaskServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TaskServiceFutureStub>() {
        @java.lang.Override
        public TaskServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TaskServiceFutureStub(channel, callOptions);
        }
      };
    return TaskServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Defines, steers and watches tasks.
   * Every call fails with UNAUTHENTICATED without valid credentials, PERMISSION_DENIED if the role does not allow it, and
   * INVALID_ARGUMENT with field violations if the request does not make sense. A task of another user is NOT_FOUND, except
   * for admins. `users/me` names the caller in every resource name.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Defines a task. It does not start it. ALREADY_EXISTS if the name is taken and `force` is not set,
     * RESOURCE_EXHAUSTED if the user has too many.
     * </pre>
     */
    default void createTask(predictd.v1.CreateTaskRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateTaskMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads a task with its status. NOT_FOUND if there is none of the name.
     * </pre>
     */
    default void getTask(predictd.v1.GetTaskRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetTaskMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the tasks of a user, or with `users/-` of all users that the caller may see.
     * </pre>
     */
    default void listTasks(predictd.v1.ListTasksRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ListTasksResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListTasksMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes the definition. A running execution keeps the spec that it began with. A secret that the change leaves out or
     * gives as `***` stays as it is, but only where it was given for: INVALID_ARGUMENT with the reason SECRET_ELSEWHERE at
     * its field if it would be used with another broker, origin or authority from now on; give it again. ABORTED if the
     * etag is not the present one, NOT_FOUND if there is no such task.
     * </pre>
     */
    default void updateTask(predictd.v1.UpdateTaskRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateTaskMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes a task, its executions and its events. A running one is stopped first. ABORTED if the etag is not the
     * present one, NOT_FOUND if there is no such task.
     * </pre>
     */
    default void deleteTask(predictd.v1.DeleteTaskRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteTaskMethod(), responseObserver);
    }

    /**
     * <pre>
     * Starts an execution. FAILED_PRECONDITION if one is running already or the model is missing, RESOURCE_EXHAUSTED if
     * as many run as the service allows and `when_full` is REFUSE.
     * </pre>
     */
    default void startTask(predictd.v1.StartTaskRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Execution> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStartTaskMethod(), responseObserver);
    }

    /**
     * <pre>
     * Stops the running execution and answers when it has ended, or at the caller's deadline with DEADLINE_EXCEEDED while
     * the stop goes on. A stopped task stays stopped: that is no error.
     * </pre>
     */
    default void stopTask(predictd.v1.StopTaskRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStopTaskMethod(), responseObserver);
    }

    /**
     * <pre>
     * Replaces the model that scores, also while the task runs: the new one is tried out in a process of its own, then loaded
     * and warmed up beside the old one in every predictor thread, and then each partition changes over between two
     * micro-batches. Nothing stops, and no record is lost or scored twice into the sink. Answers as soon as the wish is on
     * disk; `status.models.update` says how far it is. A model that turns out to be unusable leaves the old one running, with
     * the condition `ModelUpToDate` false, reason `UPDATE_BLOCKED`, and an event of this reason. A task that does not run
     * begins its next execution with the new model. A newer wish takes the place of one that is under way.
     * INVALID_ARGUMENT if the model is not there or does not fit the spec, ABORTED if the etag is not the present one,
     * FAILED_PRECONDITION if the task is not scored with an uploaded model, NOT_FOUND if there is no such task.
     * </pre>
     */
    default void swapModel(predictd.v1.SwapModelRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getSwapModelMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lets a second model score every micro-batch beside the active one and compares the two; nothing of it is written.
     * `status.models.shadow` has the figures. A shadow that fails, or makes the stream slow, is dropped, which the event
     * `SHADOW_DROPPED` tells. A newer shadow takes the place of the one before. Errors are those of SwapModel.
     * </pre>
     */
    default void shadowModel(predictd.v1.ShadowModelRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getShadowModelMethod(), responseObserver);
    }

    /**
     * <pre>
     * Makes the shadow the active model, as SwapModel does. FAILED_PRECONDITION if there is no shadow; further errors are
     * those of SwapModel.
     * </pre>
     */
    default void promoteShadow(predictd.v1.PromoteShadowRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPromoteShadowMethod(), responseObserver);
    }

    /**
     * <pre>
     * Ends the shadow, or the wish for one. Without either it changes nothing: that is no error. ABORTED if the etag is not
     * the present one, NOT_FOUND if there is no such task.
     * </pre>
     */
    default void dropShadow(predictd.v1.DropShadowRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDropShadowMethod(), responseObserver);
    }

    /**
     * <pre>
     * Undoes the newest swap. One that is under way or blocked is given up, and the active model stays; otherwise the model
     * before takes the active one's place, as SwapModel does. Calling it twice goes back and forth. FAILED_PRECONDITION if
     * there is neither; further errors are those of SwapModel.
     * </pre>
     */
    default void rollbackModel(predictd.v1.RollbackModelRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRollbackModelMethod(), responseObserver);
    }

    /**
     * <pre>
     * Tells what is wrong with a task before it is defined, and on request what it would write, without writing anything.
     * Faults are in the answer, not errors of the call.
     * </pre>
     */
    default void validateTask(predictd.v1.ValidateTaskRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ValidateTaskResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getValidateTaskMethod(), responseObserver);
    }

    /**
     * <pre>
     * Streams the present state of the tasks, then every change. Give back the newest `sequence` after a break, and
     * nothing is missed. OUT_OF_RANGE if that is older than the history that is kept: begin anew without it. A reader that
     * is too slow gets a new snapshot instead of the changes it missed.
     * </pre>
     */
    default void watchTasks(predictd.v1.WatchTasksRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.WatchTasksResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWatchTasksMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the history of a task, newest last.
     * </pre>
     */
    default void listEvents(predictd.v1.ListEventsRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ListEventsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListEventsMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service TaskService.
   * <pre>
   * Defines, steers and watches tasks.
   * Every call fails with UNAUTHENTICATED without valid credentials, PERMISSION_DENIED if the role does not allow it, and
   * INVALID_ARGUMENT with field violations if the request does not make sense. A task of another user is NOT_FOUND, except
   * for admins. `users/me` names the caller in every resource name.
   * </pre>
   */
  public static abstract class TaskServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return TaskServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service TaskService.
   * <pre>
   * Defines, steers and watches tasks.
   * Every call fails with UNAUTHENTICATED without valid credentials, PERMISSION_DENIED if the role does not allow it, and
   * INVALID_ARGUMENT with field violations if the request does not make sense. A task of another user is NOT_FOUND, except
   * for admins. `users/me` names the caller in every resource name.
   * </pre>
   */
  public static final class TaskServiceStub
      extends io.grpc.stub.AbstractAsyncStub<TaskServiceStub> {
    private TaskServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TaskServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TaskServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Defines a task. It does not start it. ALREADY_EXISTS if the name is taken and `force` is not set,
     * RESOURCE_EXHAUSTED if the user has too many.
     * </pre>
     */
    public void createTask(predictd.v1.CreateTaskRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateTaskMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reads a task with its status. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public void getTask(predictd.v1.GetTaskRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetTaskMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the tasks of a user, or with `users/-` of all users that the caller may see.
     * </pre>
     */
    public void listTasks(predictd.v1.ListTasksRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ListTasksResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListTasksMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes the definition. A running execution keeps the spec that it began with. A secret that the change leaves out or
     * gives as `***` stays as it is, but only where it was given for: INVALID_ARGUMENT with the reason SECRET_ELSEWHERE at
     * its field if it would be used with another broker, origin or authority from now on; give it again. ABORTED if the
     * etag is not the present one, NOT_FOUND if there is no such task.
     * </pre>
     */
    public void updateTask(predictd.v1.UpdateTaskRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateTaskMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes a task, its executions and its events. A running one is stopped first. ABORTED if the etag is not the
     * present one, NOT_FOUND if there is no such task.
     * </pre>
     */
    public void deleteTask(predictd.v1.DeleteTaskRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteTaskMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Starts an execution. FAILED_PRECONDITION if one is running already or the model is missing, RESOURCE_EXHAUSTED if
     * as many run as the service allows and `when_full` is REFUSE.
     * </pre>
     */
    public void startTask(predictd.v1.StartTaskRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Execution> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getStartTaskMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Stops the running execution and answers when it has ended, or at the caller's deadline with DEADLINE_EXCEEDED while
     * the stop goes on. A stopped task stays stopped: that is no error.
     * </pre>
     */
    public void stopTask(predictd.v1.StopTaskRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getStopTaskMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Replaces the model that scores, also while the task runs: the new one is tried out in a process of its own, then loaded
     * and warmed up beside the old one in every predictor thread, and then each partition changes over between two
     * micro-batches. Nothing stops, and no record is lost or scored twice into the sink. Answers as soon as the wish is on
     * disk; `status.models.update` says how far it is. A model that turns out to be unusable leaves the old one running, with
     * the condition `ModelUpToDate` false, reason `UPDATE_BLOCKED`, and an event of this reason. A task that does not run
     * begins its next execution with the new model. A newer wish takes the place of one that is under way.
     * INVALID_ARGUMENT if the model is not there or does not fit the spec, ABORTED if the etag is not the present one,
     * FAILED_PRECONDITION if the task is not scored with an uploaded model, NOT_FOUND if there is no such task.
     * </pre>
     */
    public void swapModel(predictd.v1.SwapModelRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getSwapModelMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lets a second model score every micro-batch beside the active one and compares the two; nothing of it is written.
     * `status.models.shadow` has the figures. A shadow that fails, or makes the stream slow, is dropped, which the event
     * `SHADOW_DROPPED` tells. A newer shadow takes the place of the one before. Errors are those of SwapModel.
     * </pre>
     */
    public void shadowModel(predictd.v1.ShadowModelRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getShadowModelMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Makes the shadow the active model, as SwapModel does. FAILED_PRECONDITION if there is no shadow; further errors are
     * those of SwapModel.
     * </pre>
     */
    public void promoteShadow(predictd.v1.PromoteShadowRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPromoteShadowMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Ends the shadow, or the wish for one. Without either it changes nothing: that is no error. ABORTED if the etag is not
     * the present one, NOT_FOUND if there is no such task.
     * </pre>
     */
    public void dropShadow(predictd.v1.DropShadowRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDropShadowMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Undoes the newest swap. One that is under way or blocked is given up, and the active model stays; otherwise the model
     * before takes the active one's place, as SwapModel does. Calling it twice goes back and forth. FAILED_PRECONDITION if
     * there is neither; further errors are those of SwapModel.
     * </pre>
     */
    public void rollbackModel(predictd.v1.RollbackModelRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.Task> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRollbackModelMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Tells what is wrong with a task before it is defined, and on request what it would write, without writing anything.
     * Faults are in the answer, not errors of the call.
     * </pre>
     */
    public void validateTask(predictd.v1.ValidateTaskRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ValidateTaskResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getValidateTaskMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Streams the present state of the tasks, then every change. Give back the newest `sequence` after a break, and
     * nothing is missed. OUT_OF_RANGE if that is older than the history that is kept: begin anew without it. A reader that
     * is too slow gets a new snapshot instead of the changes it missed.
     * </pre>
     */
    public void watchTasks(predictd.v1.WatchTasksRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.WatchTasksResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getWatchTasksMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the history of a task, newest last.
     * </pre>
     */
    public void listEvents(predictd.v1.ListEventsRequest request,
        io.grpc.stub.StreamObserver<predictd.v1.ListEventsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListEventsMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service TaskService.
   * <pre>
   * Defines, steers and watches tasks.
   * Every call fails with UNAUTHENTICATED without valid credentials, PERMISSION_DENIED if the role does not allow it, and
   * INVALID_ARGUMENT with field violations if the request does not make sense. A task of another user is NOT_FOUND, except
   * for admins. `users/me` names the caller in every resource name.
   * </pre>
   */
  public static final class TaskServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<TaskServiceBlockingStub> {
    private TaskServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TaskServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TaskServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Defines a task. It does not start it. ALREADY_EXISTS if the name is taken and `force` is not set,
     * RESOURCE_EXHAUSTED if the user has too many.
     * </pre>
     */
    public predictd.v1.Task createTask(predictd.v1.CreateTaskRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateTaskMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads a task with its status. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public predictd.v1.Task getTask(predictd.v1.GetTaskRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetTaskMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the tasks of a user, or with `users/-` of all users that the caller may see.
     * </pre>
     */
    public predictd.v1.ListTasksResponse listTasks(predictd.v1.ListTasksRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListTasksMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the definition. A running execution keeps the spec that it began with. A secret that the change leaves out or
     * gives as `***` stays as it is, but only where it was given for: INVALID_ARGUMENT with the reason SECRET_ELSEWHERE at
     * its field if it would be used with another broker, origin or authority from now on; give it again. ABORTED if the
     * etag is not the present one, NOT_FOUND if there is no such task.
     * </pre>
     */
    public predictd.v1.Task updateTask(predictd.v1.UpdateTaskRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateTaskMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a task, its executions and its events. A running one is stopped first. ABORTED if the etag is not the
     * present one, NOT_FOUND if there is no such task.
     * </pre>
     */
    public com.google.protobuf.Empty deleteTask(predictd.v1.DeleteTaskRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteTaskMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Starts an execution. FAILED_PRECONDITION if one is running already or the model is missing, RESOURCE_EXHAUSTED if
     * as many run as the service allows and `when_full` is REFUSE.
     * </pre>
     */
    public predictd.v1.Execution startTask(predictd.v1.StartTaskRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getStartTaskMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Stops the running execution and answers when it has ended, or at the caller's deadline with DEADLINE_EXCEEDED while
     * the stop goes on. A stopped task stays stopped: that is no error.
     * </pre>
     */
    public predictd.v1.Task stopTask(predictd.v1.StopTaskRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getStopTaskMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Replaces the model that scores, also while the task runs: the new one is tried out in a process of its own, then loaded
     * and warmed up beside the old one in every predictor thread, and then each partition changes over between two
     * micro-batches. Nothing stops, and no record is lost or scored twice into the sink. Answers as soon as the wish is on
     * disk; `status.models.update` says how far it is. A model that turns out to be unusable leaves the old one running, with
     * the condition `ModelUpToDate` false, reason `UPDATE_BLOCKED`, and an event of this reason. A task that does not run
     * begins its next execution with the new model. A newer wish takes the place of one that is under way.
     * INVALID_ARGUMENT if the model is not there or does not fit the spec, ABORTED if the etag is not the present one,
     * FAILED_PRECONDITION if the task is not scored with an uploaded model, NOT_FOUND if there is no such task.
     * </pre>
     */
    public predictd.v1.Task swapModel(predictd.v1.SwapModelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getSwapModelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lets a second model score every micro-batch beside the active one and compares the two; nothing of it is written.
     * `status.models.shadow` has the figures. A shadow that fails, or makes the stream slow, is dropped, which the event
     * `SHADOW_DROPPED` tells. A newer shadow takes the place of the one before. Errors are those of SwapModel.
     * </pre>
     */
    public predictd.v1.Task shadowModel(predictd.v1.ShadowModelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getShadowModelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Makes the shadow the active model, as SwapModel does. FAILED_PRECONDITION if there is no shadow; further errors are
     * those of SwapModel.
     * </pre>
     */
    public predictd.v1.Task promoteShadow(predictd.v1.PromoteShadowRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPromoteShadowMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ends the shadow, or the wish for one. Without either it changes nothing: that is no error. ABORTED if the etag is not
     * the present one, NOT_FOUND if there is no such task.
     * </pre>
     */
    public predictd.v1.Task dropShadow(predictd.v1.DropShadowRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDropShadowMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Undoes the newest swap. One that is under way or blocked is given up, and the active model stays; otherwise the model
     * before takes the active one's place, as SwapModel does. Calling it twice goes back and forth. FAILED_PRECONDITION if
     * there is neither; further errors are those of SwapModel.
     * </pre>
     */
    public predictd.v1.Task rollbackModel(predictd.v1.RollbackModelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRollbackModelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells what is wrong with a task before it is defined, and on request what it would write, without writing anything.
     * Faults are in the answer, not errors of the call.
     * </pre>
     */
    public predictd.v1.ValidateTaskResponse validateTask(predictd.v1.ValidateTaskRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getValidateTaskMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams the present state of the tasks, then every change. Give back the newest `sequence` after a break, and
     * nothing is missed. OUT_OF_RANGE if that is older than the history that is kept: begin anew without it. A reader that
     * is too slow gets a new snapshot instead of the changes it missed.
     * </pre>
     */
    public java.util.Iterator<predictd.v1.WatchTasksResponse> watchTasks(
        predictd.v1.WatchTasksRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getWatchTasksMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the history of a task, newest last.
     * </pre>
     */
    public predictd.v1.ListEventsResponse listEvents(predictd.v1.ListEventsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListEventsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service TaskService.
   * <pre>
   * Defines, steers and watches tasks.
   * Every call fails with UNAUTHENTICATED without valid credentials, PERMISSION_DENIED if the role does not allow it, and
   * INVALID_ARGUMENT with field violations if the request does not make sense. A task of another user is NOT_FOUND, except
   * for admins. `users/me` names the caller in every resource name.
   * </pre>
   */
  public static final class TaskServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<TaskServiceFutureStub> {
    private TaskServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TaskServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TaskServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Defines a task. It does not start it. ALREADY_EXISTS if the name is taken and `force` is not set,
     * RESOURCE_EXHAUSTED if the user has too many.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Task> createTask(
        predictd.v1.CreateTaskRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateTaskMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reads a task with its status. NOT_FOUND if there is none of the name.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Task> getTask(
        predictd.v1.GetTaskRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetTaskMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the tasks of a user, or with `users/-` of all users that the caller may see.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.ListTasksResponse> listTasks(
        predictd.v1.ListTasksRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListTasksMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes the definition. A running execution keeps the spec that it began with. A secret that the change leaves out or
     * gives as `***` stays as it is, but only where it was given for: INVALID_ARGUMENT with the reason SECRET_ELSEWHERE at
     * its field if it would be used with another broker, origin or authority from now on; give it again. ABORTED if the
     * etag is not the present one, NOT_FOUND if there is no such task.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Task> updateTask(
        predictd.v1.UpdateTaskRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateTaskMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes a task, its executions and its events. A running one is stopped first. ABORTED if the etag is not the
     * present one, NOT_FOUND if there is no such task.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> deleteTask(
        predictd.v1.DeleteTaskRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteTaskMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Starts an execution. FAILED_PRECONDITION if one is running already or the model is missing, RESOURCE_EXHAUSTED if
     * as many run as the service allows and `when_full` is REFUSE.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Execution> startTask(
        predictd.v1.StartTaskRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getStartTaskMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Stops the running execution and answers when it has ended, or at the caller's deadline with DEADLINE_EXCEEDED while
     * the stop goes on. A stopped task stays stopped: that is no error.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Task> stopTask(
        predictd.v1.StopTaskRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getStopTaskMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Replaces the model that scores, also while the task runs: the new one is tried out in a process of its own, then loaded
     * and warmed up beside the old one in every predictor thread, and then each partition changes over between two
     * micro-batches. Nothing stops, and no record is lost or scored twice into the sink. Answers as soon as the wish is on
     * disk; `status.models.update` says how far it is. A model that turns out to be unusable leaves the old one running, with
     * the condition `ModelUpToDate` false, reason `UPDATE_BLOCKED`, and an event of this reason. A task that does not run
     * begins its next execution with the new model. A newer wish takes the place of one that is under way.
     * INVALID_ARGUMENT if the model is not there or does not fit the spec, ABORTED if the etag is not the present one,
     * FAILED_PRECONDITION if the task is not scored with an uploaded model, NOT_FOUND if there is no such task.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Task> swapModel(
        predictd.v1.SwapModelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getSwapModelMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lets a second model score every micro-batch beside the active one and compares the two; nothing of it is written.
     * `status.models.shadow` has the figures. A shadow that fails, or makes the stream slow, is dropped, which the event
     * `SHADOW_DROPPED` tells. A newer shadow takes the place of the one before. Errors are those of SwapModel.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Task> shadowModel(
        predictd.v1.ShadowModelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getShadowModelMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Makes the shadow the active model, as SwapModel does. FAILED_PRECONDITION if there is no shadow; further errors are
     * those of SwapModel.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Task> promoteShadow(
        predictd.v1.PromoteShadowRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPromoteShadowMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Ends the shadow, or the wish for one. Without either it changes nothing: that is no error. ABORTED if the etag is not
     * the present one, NOT_FOUND if there is no such task.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Task> dropShadow(
        predictd.v1.DropShadowRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDropShadowMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Undoes the newest swap. One that is under way or blocked is given up, and the active model stays; otherwise the model
     * before takes the active one's place, as SwapModel does. Calling it twice goes back and forth. FAILED_PRECONDITION if
     * there is neither; further errors are those of SwapModel.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.Task> rollbackModel(
        predictd.v1.RollbackModelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRollbackModelMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Tells what is wrong with a task before it is defined, and on request what it would write, without writing anything.
     * Faults are in the answer, not errors of the call.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.ValidateTaskResponse> validateTask(
        predictd.v1.ValidateTaskRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getValidateTaskMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the history of a task, newest last.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<predictd.v1.ListEventsResponse> listEvents(
        predictd.v1.ListEventsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListEventsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_TASK = 0;
  private static final int METHODID_GET_TASK = 1;
  private static final int METHODID_LIST_TASKS = 2;
  private static final int METHODID_UPDATE_TASK = 3;
  private static final int METHODID_DELETE_TASK = 4;
  private static final int METHODID_START_TASK = 5;
  private static final int METHODID_STOP_TASK = 6;
  private static final int METHODID_SWAP_MODEL = 7;
  private static final int METHODID_SHADOW_MODEL = 8;
  private static final int METHODID_PROMOTE_SHADOW = 9;
  private static final int METHODID_DROP_SHADOW = 10;
  private static final int METHODID_ROLLBACK_MODEL = 11;
  private static final int METHODID_VALIDATE_TASK = 12;
  private static final int METHODID_WATCH_TASKS = 13;
  private static final int METHODID_LIST_EVENTS = 14;

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
        case METHODID_CREATE_TASK:
          serviceImpl.createTask((predictd.v1.CreateTaskRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Task>) responseObserver);
          break;
        case METHODID_GET_TASK:
          serviceImpl.getTask((predictd.v1.GetTaskRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Task>) responseObserver);
          break;
        case METHODID_LIST_TASKS:
          serviceImpl.listTasks((predictd.v1.ListTasksRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.ListTasksResponse>) responseObserver);
          break;
        case METHODID_UPDATE_TASK:
          serviceImpl.updateTask((predictd.v1.UpdateTaskRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Task>) responseObserver);
          break;
        case METHODID_DELETE_TASK:
          serviceImpl.deleteTask((predictd.v1.DeleteTaskRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
          break;
        case METHODID_START_TASK:
          serviceImpl.startTask((predictd.v1.StartTaskRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Execution>) responseObserver);
          break;
        case METHODID_STOP_TASK:
          serviceImpl.stopTask((predictd.v1.StopTaskRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Task>) responseObserver);
          break;
        case METHODID_SWAP_MODEL:
          serviceImpl.swapModel((predictd.v1.SwapModelRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Task>) responseObserver);
          break;
        case METHODID_SHADOW_MODEL:
          serviceImpl.shadowModel((predictd.v1.ShadowModelRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Task>) responseObserver);
          break;
        case METHODID_PROMOTE_SHADOW:
          serviceImpl.promoteShadow((predictd.v1.PromoteShadowRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Task>) responseObserver);
          break;
        case METHODID_DROP_SHADOW:
          serviceImpl.dropShadow((predictd.v1.DropShadowRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Task>) responseObserver);
          break;
        case METHODID_ROLLBACK_MODEL:
          serviceImpl.rollbackModel((predictd.v1.RollbackModelRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.Task>) responseObserver);
          break;
        case METHODID_VALIDATE_TASK:
          serviceImpl.validateTask((predictd.v1.ValidateTaskRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.ValidateTaskResponse>) responseObserver);
          break;
        case METHODID_WATCH_TASKS:
          serviceImpl.watchTasks((predictd.v1.WatchTasksRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.WatchTasksResponse>) responseObserver);
          break;
        case METHODID_LIST_EVENTS:
          serviceImpl.listEvents((predictd.v1.ListEventsRequest) request,
              (io.grpc.stub.StreamObserver<predictd.v1.ListEventsResponse>) responseObserver);
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
          getCreateTaskMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.CreateTaskRequest,
              predictd.v1.Task>(
                service, METHODID_CREATE_TASK)))
        .addMethod(
          getGetTaskMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.GetTaskRequest,
              predictd.v1.Task>(
                service, METHODID_GET_TASK)))
        .addMethod(
          getListTasksMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.ListTasksRequest,
              predictd.v1.ListTasksResponse>(
                service, METHODID_LIST_TASKS)))
        .addMethod(
          getUpdateTaskMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.UpdateTaskRequest,
              predictd.v1.Task>(
                service, METHODID_UPDATE_TASK)))
        .addMethod(
          getDeleteTaskMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.DeleteTaskRequest,
              com.google.protobuf.Empty>(
                service, METHODID_DELETE_TASK)))
        .addMethod(
          getStartTaskMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.StartTaskRequest,
              predictd.v1.Execution>(
                service, METHODID_START_TASK)))
        .addMethod(
          getStopTaskMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.StopTaskRequest,
              predictd.v1.Task>(
                service, METHODID_STOP_TASK)))
        .addMethod(
          getSwapModelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.SwapModelRequest,
              predictd.v1.Task>(
                service, METHODID_SWAP_MODEL)))
        .addMethod(
          getShadowModelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.ShadowModelRequest,
              predictd.v1.Task>(
                service, METHODID_SHADOW_MODEL)))
        .addMethod(
          getPromoteShadowMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.PromoteShadowRequest,
              predictd.v1.Task>(
                service, METHODID_PROMOTE_SHADOW)))
        .addMethod(
          getDropShadowMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.DropShadowRequest,
              predictd.v1.Task>(
                service, METHODID_DROP_SHADOW)))
        .addMethod(
          getRollbackModelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.RollbackModelRequest,
              predictd.v1.Task>(
                service, METHODID_ROLLBACK_MODEL)))
        .addMethod(
          getValidateTaskMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.ValidateTaskRequest,
              predictd.v1.ValidateTaskResponse>(
                service, METHODID_VALIDATE_TASK)))
        .addMethod(
          getWatchTasksMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              predictd.v1.WatchTasksRequest,
              predictd.v1.WatchTasksResponse>(
                service, METHODID_WATCH_TASKS)))
        .addMethod(
          getListEventsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              predictd.v1.ListEventsRequest,
              predictd.v1.ListEventsResponse>(
                service, METHODID_LIST_EVENTS)))
        .build();
  }

  private static abstract class TaskServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    TaskServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return predictd.v1.TaskServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("TaskService");
    }
  }

  private static final class TaskServiceFileDescriptorSupplier
      extends TaskServiceBaseDescriptorSupplier {
    TaskServiceFileDescriptorSupplier() {}
  }

  private static final class TaskServiceMethodDescriptorSupplier
      extends TaskServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    TaskServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (TaskServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new TaskServiceFileDescriptorSupplier())
              .addMethod(getCreateTaskMethod())
              .addMethod(getGetTaskMethod())
              .addMethod(getListTasksMethod())
              .addMethod(getUpdateTaskMethod())
              .addMethod(getDeleteTaskMethod())
              .addMethod(getStartTaskMethod())
              .addMethod(getStopTaskMethod())
              .addMethod(getSwapModelMethod())
              .addMethod(getShadowModelMethod())
              .addMethod(getPromoteShadowMethod())
              .addMethod(getDropShadowMethod())
              .addMethod(getRollbackModelMethod())
              .addMethod(getValidateTaskMethod())
              .addMethod(getWatchTasksMethod())
              .addMethod(getListEventsMethod())
              .build();
        }
      }
    }
    return result;
  }
}
