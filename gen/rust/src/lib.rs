//! Messages and tonic clients of `predictd.v1`.

pub mod predictd {
    pub mod v1 {
        tonic::include_proto!("predictd.v1");
    }
}

pub mod google {
    pub mod api {
        tonic::include_proto!("google.api");
    }
}
