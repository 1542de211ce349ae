//! What s3s-fs 0.14 lacks: keys that stay in their bucket, buckets that have to exist, and no trace of an object whose
//! checksum was wrong.

use std::path::PathBuf;

use s3s::{
    S3, S3ErrorCode, S3Request, S3Response, S3Result,
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
        CompleteMultipartUploadOutput, CreateBucketInput, CreateBucketOutput, CreateMultipartUploadInput,
        CreateMultipartUploadOutput, DeleteObjectInput, DeleteObjectOutput, GetBucketLocationInput,
        GetBucketLocationOutput, GetObjectInput, GetObjectOutput, HeadBucketInput, HeadBucketOutput,
        HeadObjectInput, HeadObjectOutput, ListBucketsInput, ListBucketsOutput, ListPartsInput,
        ListPartsOutput, PutObjectInput, PutObjectOutput, UploadPartInput, UploadPartOutput,
    },
    s3_error,
};
use s3s_fs::FileSystem;
use sha2::{Digest, Sha256};
use tokio::fs;

/// A folder with a folder for each bucket.
pub(crate) struct Shelf {
    pub(crate) dir: PathBuf,
    pub(crate) files: FileSystem,
}

impl Shelf {
    /// The name of the object's file. It is a hash, because a file system has limits on names that S3 does not have:
    /// s3s-fs alone could not keep a key of 200 bytes, nor `a` beside `a/b`.
    fn place(&self, bucket: &str, key: &str) -> S3Result<String> {
        if !self.dir.join(bucket).is_dir() {
            return Err(s3_error!(NoSuchBucket));
        }
        if key.split('/').any(|part| matches!(part, "." | "..")) || key.contains('\0') {
            return Err(s3_error!(InvalidURI, "the key leads elsewhere"));
        }
        Ok(hex::encode(Sha256::digest(key)))
    }

    async fn write(&self, request: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        let path = self.dir.join(&request.input.bucket).join(&request.input.key);
        let result = self.files.put_object(request).await;
        // It compares when it has written already.
        if result.as_ref().is_err_and(|error| *error.code() == S3ErrorCode::BadDigest) {
            let _ = fs::remove_file(path).await;
        }
        result
    }
}

/// Everything else is answered as not implemented.
macro_rules! operations {
    (
        buckets { $($bucket:ident($bucket_input:ident) -> $bucket_output:ident;)* }
        objects { $($object:ident($object_input:ident) -> $object_output:ident;)* }
    ) => {
        #[async_trait::async_trait]
        impl S3 for Shelf {
            $(async fn $bucket(&self, request: S3Request<$bucket_input>) -> S3Result<S3Response<$bucket_output>> {
                self.files.$bucket(request).await
            })*

            $(async fn $object(&self, request: S3Request<$object_input>) -> S3Result<S3Response<$object_output>> {
                let mut request = request;
                request.input.key = self.place(&request.input.bucket, &request.input.key)?;
                self.files.$object(request).await
            })*

            async fn put_object(&self, request: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
                let mut request = request;
                request.input.key = self.place(&request.input.bucket, &request.input.key)?;
                self.write(request).await
            }
        }
    };
}

operations! {
    buckets {
        create_bucket(CreateBucketInput) -> CreateBucketOutput;
        get_bucket_location(GetBucketLocationInput) -> GetBucketLocationOutput;
        head_bucket(HeadBucketInput) -> HeadBucketOutput;
        list_buckets(ListBucketsInput) -> ListBucketsOutput;
    }
    objects {
        abort_multipart_upload(AbortMultipartUploadInput) -> AbortMultipartUploadOutput;
        complete_multipart_upload(CompleteMultipartUploadInput) -> CompleteMultipartUploadOutput;
        create_multipart_upload(CreateMultipartUploadInput) -> CreateMultipartUploadOutput;
        delete_object(DeleteObjectInput) -> DeleteObjectOutput;
        get_object(GetObjectInput) -> GetObjectOutput;
        head_object(HeadObjectInput) -> HeadObjectOutput;
        list_parts(ListPartsInput) -> ListPartsOutput;
        upload_part(UploadPartInput) -> UploadPartOutput;
    }
}
