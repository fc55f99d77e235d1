//! Compiles the contract with a compiler that is a Rust library, so that no protoc need be installed.

use std::error::Error;
use std::path::Path;

const FILES: [&str; 4] = [
    "task_service",
    "execution_service",
    "model_service",
    "user_service",
];

fn main() -> Result<(), Box<dyn Error>> {
    let protos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    println!(
        "cargo::rerun-if-changed={}",
        protos.join("predictd").display()
    );
    let files = FILES.map(|name| protos.join(format!("predictd/v1/{name}.proto")));
    let descriptors = protox::compile(files, [&protos])?;
    tonic_prost_build::configure()
        .build_server(false)
        .compile_fds(descriptors)?;
    Ok(())
}
