//! The main job from Rust: upload a model, run a task, follow it over a broken connection.

use std::env;
use std::error::Error;
use std::time::Duration;

use predictd_sdk::google::api::HttpBody;
use predictd_sdk::predictd::v1::model_service_client::ModelServiceClient;
use predictd_sdk::predictd::v1::predictor::Kind as Scorer;
use predictd_sdk::predictd::v1::task_service_client::TaskServiceClient;
use predictd_sdk::predictd::v1::watch_tasks_response::Kind;
use predictd_sdk::predictd::v1::{
    CreateTaskRequest, Event, Model, OnnxPredictor, Predictor, Sink, Source, StartTaskRequest,
    State, StopTaskRequest, Task, TaskSpec, Until, UploadModelRequest, WatchTasksRequest,
};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::interceptor::InterceptedService;
use tonic::service::Interceptor;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

const CHUNK_BYTES: usize = 1 << 20;
const RECONNECT: Duration = Duration::from_millis(200);

// snippet: connect
/// Authorizes every call.
#[derive(Clone)]
struct Bearer(MetadataValue<Ascii>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request
            .metadata_mut()
            .insert("authorization", self.0.clone());
        Ok(request)
    }
}

struct Client {
    tasks: TaskServiceClient<InterceptedService<Channel, Bearer>>,
    models: ModelServiceClient<InterceptedService<Channel, Bearer>>,
}

fn connect(url: String, token: &str) -> Result<Client, Box<dyn Error>> {
    let channel = Endpoint::from_shared(url)?.connect_lazy();
    let bearer = Bearer(format!("Bearer {token}").parse()?);
    Ok(Client {
        tasks: TaskServiceClient::with_interceptor(channel.clone(), bearer.clone()),
        models: ModelServiceClient::with_interceptor(channel, bearer),
    })
}
// end

impl Client {
    // snippet: upload
    async fn upload(&mut self, model_id: String, data: Vec<u8>) -> Result<Model, Status> {
        let parts = async_stream::stream! {
            yield UploadModelRequest { parent: "users/me".into(), model_id, ..Default::default() };
            for chunk in data.chunks(CHUNK_BYTES) {
                let content = HttpBody { data: chunk.to_vec(), ..Default::default() };
                yield UploadModelRequest { content: Some(content), ..Default::default() };
            }
        };
        Ok(self.models.upload_model(parts).await?.into_inner())
    }
    // end

    // snippet: create
    async fn create(
        &mut self,
        id: &str,
        model: &str,
        topics: (&str, &str),
        until: Until,
    ) -> Result<Task, Status> {
        let scorer = OnnxPredictor {
            model: model.into(),
            ..Default::default()
        };
        let spec = TaskSpec {
            source: Some(Source {
                topic: topics.0.into(),
                ..Default::default()
            }),
            sink: Some(Sink {
                topic: topics.1.into(),
                ..Default::default()
            }),
            predictor: Some(Predictor {
                kind: Some(Scorer::Onnx(scorer)),
            }),
            until: until.into(),
            ..Default::default()
        };
        let request = CreateTaskRequest {
            parent: "users/me".into(),
            task_id: id.into(),
            task: Some(Task {
                spec: Some(spec),
                ..Default::default()
            }),
            // Makes the call safe to repeat.
            request_id: Uuid::new_v4().to_string(),
            ..Default::default()
        };
        Ok(self.tasks.create_task(request).await?.into_inner())
    }
    // end

    // snippet: start
    async fn start(&mut self, name: &str) -> Result<String, Status> {
        let request = StartTaskRequest {
            name: name.into(),
            ..Default::default()
        };
        Ok(self.tasks.start_task(request).await?.into_inner().name)
    }
    // end

    /// Where the history is now: a watch that is given up when its snapshot is complete.
    async fn newest_sequence(&mut self, name: &str) -> Result<i64, Status> {
        let request = WatchTasksRequest {
            name: name.into(),
            ..Default::default()
        };
        let mut answers = self.tasks.watch_tasks(request).await?.into_inner();
        while let Some(answer) = answers.message().await? {
            if let Some(Kind::SnapshotEnd(_)) = answer.kind {
                return Ok(answer.sequence);
            }
        }
        Err(Status::internal("the watch ended within its snapshot"))
    }

    // snippet: watch
    /// Shows every change after `sequence`, whatever happens to the connection, until `see` says false.
    async fn watch(
        &mut self,
        name: &str,
        mut sequence: i64,
        mut see: impl FnMut(&Event) -> bool,
    ) -> Result<(), Status> {
        loop {
            match self.watch_once(name, &mut sequence, &mut see).await {
                // What has a source was not said by the service: the connection broke.
                Err(status) if status.code() == Code::Unavailable || status.source().is_some() => {
                    println!("interrupted");
                    tokio::time::sleep(RECONNECT).await;
                }
                result => return result,
            }
        }
    }

    async fn watch_once(
        &mut self,
        name: &str,
        sequence: &mut i64,
        see: &mut impl FnMut(&Event) -> bool,
    ) -> Result<(), Status> {
        let request = WatchTasksRequest {
            name: name.into(),
            after_sequence: *sequence,
            ..Default::default()
        };
        let mut answers = self.tasks.watch_tasks(request).await?.into_inner();
        while let Some(answer) = answers.message().await? {
            *sequence = answer.sequence;
            if let Some(Kind::Change(change)) = answer.kind {
                if change.event.is_some_and(|event| !see(&event)) {
                    return Ok(());
                }
            }
        }
        Err(Status::unavailable("the watch ended"))
    }
    // end

    // snippet: stop
    async fn stop(&mut self, name: &str) -> Result<State, Status> {
        let request = StopTaskRequest {
            name: name.into(),
            ..Default::default()
        };
        let task = self.tasks.stop_task(request).await?.into_inner();
        Ok(task.status.unwrap_or_default().state())
    }
    // end
}

// snippet: error
fn explain(status: &Status) {
    let details = status.get_error_details();
    if let Some(info) = details.error_info() {
        println!("refused {} {}", info.reason, info.domain);
    }
    for violation in details
        .bad_request()
        .iter()
        .flat_map(|bad| &bad.field_violations)
    {
        println!("violation {} {}", violation.field, violation.description);
    }
}
// end

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let [url, token, source, sink, model_file, id] = [
        "PREDICTD_URL",
        "PREDICTD_TOKEN",
        "EXAMPLE_SOURCE",
        "EXAMPLE_SINK",
        "EXAMPLE_MODEL",
        "EXAMPLE_TASK",
    ]
    .map(|name| env::var(name).unwrap_or_else(|_| panic!("{name} is not set")));
    let mut client = connect(url, &token)?;
    let model = client
        .upload(id.clone(), std::fs::read(model_file)?)
        .await?;
    println!("uploaded {}", model.name);
    if let Err(status) = client
        .create("bad", &id, (&source, &source), Until::End)
        .await
    {
        explain(&status);
    }
    let task = client
        .create(&id, &id, (&source, &sink), Until::End)
        .await?;
    let sequence = client.newest_sequence(&task.name).await?;
    println!("started {}", client.start(&task.name).await?);
    let see = |event: &Event| {
        println!("change {} {}", event.number, event.reason);
        event.to_state() != State::Completed
    };
    client.watch(&task.name, sequence, see).await?;
    let sink = format!("{sink}-endless");
    let endless = client
        .create(
            &format!("{id}-endless"),
            &id,
            (&source, &sink),
            Until::Stopped,
        )
        .await?;
    client.start(&endless.name).await?;
    println!(
        "stopped {}",
        client.stop(&endless.name).await?.as_str_name()
    );
    Ok(())
}
