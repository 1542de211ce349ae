mod digests;
mod kinds;
