//! What a handler asks for, and what that says about the route.

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use super::reply::AnswerDoc;
use crate::input::FieldSpec;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// Everybody.
    #[default]
    Public,
    /// Everybody, but a signed-in user may get more.
    Optional,
    /// Any signed-in user.
    User,
    /// Administrators.
    Admin,
}

/// The fields of a body, a query string or a path.
#[derive(Debug, Clone, Copy)]
pub struct InputDoc {
    /// Name of the type.
    pub name: &'static str,
    /// Its fields in order.
    pub fields: &'static [FieldSpec],
}

/// A file in a body of type `multipart/form-data`.
#[derive(Debug, Clone, Copy)]
pub struct FileDoc {
    /// The name of the part that holds it.
    pub part: &'static str,
}

/// What a handler's signature says about its route.
#[derive(Debug, Clone, Default)]
pub struct Operation {
    /// Who may use it.
    pub access: Access,
    /// What its body holds.
    pub body: Option<InputDoc>,
    /// The file that its body is instead.
    pub file: Option<FileDoc>,
    /// What its query string holds.
    pub query: Option<InputDoc>,
    /// What the parts of its path hold that vary.
    pub path: Option<InputDoc>,
    /// What it answers.
    pub answer: AnswerDoc,
}

/// An extractor that a handler in a [`RouteTable`](super::RouteTable) may ask for.
///
/// An extractor of your own that needs no line in the documentation is `impl Argument for Mine {}`.
pub trait Argument: FromRequest {
    /// Notes what asking for it means.
    fn describe(operation: &mut Operation) {
        let _ = operation;
    }
}

impl<T: ?Sized + 'static> Argument for web::Data<T> {}
impl Argument for HttpRequest {}

/// All that one handler asks for.
///
/// They are extracted one after the other, so that who asks is judged before what is asked.
pub trait Arguments: Sized {
    /// Notes what asking for them means.
    fn describe(operation: &mut Operation);

    /// Extracts them in order; the first failure ends it.
    fn extract(
        request: &HttpRequest,
        payload: &mut Payload,
    ) -> impl Future<Output = Result<Self, actix_web::Error>>;
}

macro_rules! arguments {
    ($($name:ident)*) => {
        impl<$($name: Argument),*> Arguments for ($($name,)*) {
            #[allow(unused_variables, reason = "the empty tuple asks for nothing")]
            fn describe(operation: &mut Operation) {
                $( $name::describe(operation); )*
            }

            #[allow(unused_variables, reason = "the empty tuple asks for nothing")]
            async fn extract(request: &HttpRequest, payload: &mut Payload) -> Result<Self, actix_web::Error> {
                Ok(($( $name::from_request(request, payload).await.map_err(Into::into)?, )*))
            }
        }
    };
}

arguments! {}
arguments! { A }
arguments! { A B }
arguments! { A B C }
arguments! { A B C D }
arguments! { A B C D E }
arguments! { A B C D E F }
