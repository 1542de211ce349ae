//! Who may do what, and with which keys.

use s3s::{
    S3Result,
    access::{S3Access, S3AccessContext},
    s3_error,
};

/// What names its object in the path and nowhere else, so that looking at the path is enough.
const OPERATIONS: [&str; 16] = [
    "AbortMultipartUpload",
    "CompleteMultipartUpload",
    "CreateBucket",
    "CreateMultipartUpload",
    "DeleteBucket",
    "DeleteObject",
    "GetBucketLocation",
    "GetObject",
    "HeadBucket",
    "HeadObject",
    "ListBuckets",
    "ListObjects",
    "ListObjectsV2",
    "ListParts",
    "PutObject",
    "UploadPart",
];

/// Lets in signed requests whose key stays in its bucket, which s3s-fs 0.14 does not see to.
pub(crate) struct Access;

#[async_trait::async_trait]
impl S3Access for Access {
    async fn check(&self, request: &mut S3AccessContext<'_>) -> S3Result<()> {
        if request.credentials().is_none() {
            return Err(s3_error!(AccessDenied, "a signature is required"));
        }
        if !OPERATIONS.contains(&request.s3_op().name()) {
            return Err(s3_error!(NotImplemented));
        }
        match request.s3_path().as_object() {
            Some((bucket, key)) => check(bucket, key),
            None => Ok(()),
        }
    }
}

fn check(bucket: &str, key: &str) -> S3Result<()> {
    if key.split('/').any(|part| matches!(part, "" | "." | "..")) || key.contains('\0') {
        return Err(s3_error!(InvalidArgument, "this server keeps objects as files, and the key is no path"));
    }
    match fits(bucket, key) {
        true => Ok(()),
        false => {
            Err(s3_error!(KeyTooLongError, "this server keeps objects as files, and the key is too long"))
        }
    }
}

/// Linux and macOS take names of so many bytes.
const LONGEST_NAME: usize = 255;

/// Whether the names fit that s3s-fs makes of the key: one file for each part, and two of the whole in Base64.
fn fits(bucket: &str, key: &str) -> bool {
    let base64 = |text: &str| (text.len() * 4).div_ceil(3);
    let longest_of_whole = ".bucket-.object-.upload-00000000-0000-0000-0000-000000000000.metadata.json";
    longest_of_whole.len() + base64(bucket) + base64(key) <= LONGEST_NAME
        && key.split('/').all(|part| part.len() <= LONGEST_NAME)
}
