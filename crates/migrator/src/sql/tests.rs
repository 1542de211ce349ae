mod between;
mod digests;
mod kinds;
