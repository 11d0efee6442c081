//! Embedded folders are read anew when a file is added to them.

fn main() {
    println!("cargo:rerun-if-changed=policies");
    println!("cargo:rerun-if-changed=schemas");
}
