//! Compiles the contract with a compiler that is a Rust library, so that no protoc need be installed.

use std::error::Error;
use std::fs::read_dir;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let protos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    println!(
        "cargo::rerun-if-changed={}",
        protos.join("predictd").display()
    );
    let mut files = Vec::new();
    for entry in read_dir(protos.join("predictd/v1"))? {
        files.push(entry?.path());
    }
    files.sort();
    let descriptors = protox::compile(files, [&protos])?;
    tonic_prost_build::configure()
        .build_server(false)
        .compile_fds(descriptors)?;
    Ok(())
}
