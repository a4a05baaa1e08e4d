fn main() { std::fs::create_dir_all("ui/dist").ok(); tauri_build::build() }
