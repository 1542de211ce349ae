//! Bodies of type `multipart/form-data`, byte by byte.

pub(crate) const CONTENT_TYPE: &str = "multipart/form-data; boundary=XyZ";

/// One part; `name` and what follows stand in its `Content-Disposition`.
pub(crate) fn part(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--XyZ\r\nContent-Disposition: form-data; name={name}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}

/// The part that is the file, with its media type.
pub(crate) fn file_part(name: &str, content_type: &str, content: &[u8]) -> Vec<u8> {
    let name = format!("\"file\"; filename=\"{name}\"\r\nContent-Type: {content_type}");
    part(&name, content)
}

/// The parts and what ends them.
pub(crate) fn form(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat(), b"--XyZ--\r\n".to_vec()].concat()
}

/// A form with nothing but this file.
pub(crate) fn file(name: &str, content: &[u8]) -> Vec<u8> {
    form(&[file_part(name, "application/pdf", content)])
}
