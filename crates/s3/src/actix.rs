//! The routes, for actix-web.
//!
//! They look for `web::Data<FileService>`, `web::Data<dyn Authenticator>` and, if others than the default ones are to
//! count, `web::Data<UploadLimits>` in the app's data. Without a `FileService`, that is without a bucket, they answer
//! 503 to whoever is signed in.

mod files;
mod limits;
mod messages;
mod relay;
mod upload;

use kseekers_access::actix::CurrentUser;
use kseekers_envelope::{
    ApiError,
    actix::{Body, Created, Reply, RouteTable},
};

use files::Files;
pub use limits::UploadLimits;
pub use messages::{DownloadLink, FileByKey, FileDeleted};
use upload::Upload;

use crate::File;

/// All routes of this crate.
pub fn routes() -> RouteTable {
    RouteTable::new("Files")
        .post("/files/upload", "Upload a file", upload)
        .post("/files/presign-download", "A link to download a file with", presign_download)
        .post("/files/delete", "Delete a file", delete)
}

async fn upload(
    CurrentUser(caller): CurrentUser,
    files: Files,
    upload: Upload,
) -> Result<Created<File>, ApiError> {
    let file = upload.store(files.0, caller).await?;
    Ok(Reply::created(file, "File Uploaded Successfully"))
}

async fn presign_download(
    CurrentUser(caller): CurrentUser,
    Files(files): Files,
    Body(FileByKey { key }): Body<FileByKey>,
) -> Result<Reply<DownloadLink>, ApiError> {
    let link = files.presign_download(&caller, &key).await?;
    Ok(Reply::record(link.into(), "Download link generated successfully"))
}

async fn delete(
    CurrentUser(caller): CurrentUser,
    Files(files): Files,
    Body(FileByKey { key }): Body<FileByKey>,
) -> Result<Reply<FileDeleted>, ApiError> {
    files.delete(&caller, &key).await?;
    Ok(Reply::record(FileDeleted { key }, "File deleted successfully"))
}
