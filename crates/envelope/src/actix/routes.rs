//! The table of routes: routing, `Allow` and the OpenAPI document all come from it.

use std::{fmt, sync::Arc};

use actix_web::{
    Handler, HttpRequest,
    guard::{self, GuardContext},
    http::Method,
    web,
};

use super::{Access, Answer, Arguments, Operation, endpoint};

/// One route. Who may use it, its body and its answer are read from the handler's signature, so that the table cannot
/// say anything else than what the handler does.
#[derive(Clone)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with `{name}` for a part that varies.
    pub path: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// Under which heading it is documented.
    pub tag: &'static str,
    /// What the handler's signature says.
    pub operation: Operation,
    make: Arc<dyn Fn() -> actix_web::Route + Send + Sync>,
}

/// The routes of one crate, or of a whole service.
#[derive(Debug, Clone)]
pub struct RouteTable {
    tag: &'static str,
    gated: bool,
    routes: Vec<Route>,
}

impl RouteTable {
    /// An empty table; `tag` is the heading in the documentation.
    pub fn new(tag: &'static str) -> Self {
        Self { tag, gated: true, routes: Vec::new() }
    }

    /// Routes added from here on do not pass through the [`Gate`](super::Gate): those that must answer when all else
    /// is busy.
    pub fn ungated(mut self) -> Self {
        self.gated = false;
        self
    }

    /// Adds a route for GET, and HEAD with it.
    pub fn get<H, A>(self, path: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<A> + Send + Sync,
        H::Output: Answer,
        A: Arguments + 'static,
    {
        self.route(Method::GET, path, summary, handler)
    }

    /// Adds a route for POST.
    pub fn post<H, A>(self, path: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<A> + Send + Sync,
        H::Output: Answer,
        A: Arguments + 'static,
    {
        self.route(Method::POST, path, summary, handler)
    }

    /// Adds a route for PUT.
    pub fn put<H, A>(self, path: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<A> + Send + Sync,
        H::Output: Answer,
        A: Arguments + 'static,
    {
        self.route(Method::PUT, path, summary, handler)
    }

    /// Adds a route for DELETE.
    pub fn delete<H, A>(self, path: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<A> + Send + Sync,
        H::Output: Answer,
        A: Arguments + 'static,
    {
        self.route(Method::DELETE, path, summary, handler)
    }

    /// Adds a route for any method.
    pub fn route<H, A>(
        mut self,
        method: Method,
        path: &'static str,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<A> + Send + Sync,
        H::Output: Answer,
        A: Arguments + 'static,
    {
        let mut operation = Operation { answer: H::Output::describe(), ..Operation::default() };
        A::describe(&mut operation);
        let gated = self.gated;
        let make = Arc::new(move || {
            let handler = handler.clone();
            web::to(move |request: HttpRequest, payload: web::Payload| {
                endpoint::serve::<H, A>(handler.clone(), gated, request, payload)
            })
        });
        self.routes.push(Route { method, path, summary, tag: self.tag, operation, make });
        self
    }

    /// Adds the routes of another table.
    pub fn merge(mut self, other: RouteTable) -> Self {
        self.routes.extend(other.routes);
        self
    }

    /// The routes in the order in which they were added.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// Registers the routes; each path answers other methods with 405 and `Allow`.
    pub fn configure(&self, app: &mut web::ServiceConfig) {
        let mut paths: Vec<&'static str> = Vec::new();
        for route in &self.routes {
            if !paths.contains(&route.path) {
                paths.push(route.path);
            }
        }
        for path in paths {
            app.service(self.resource(path));
        }
    }

    fn resource(&self, path: &'static str) -> actix_web::Resource {
        let other = endpoint::other_methods(self.allow(path));
        self.routes
            .iter()
            .filter(|route| route.path == path)
            .fold(web::resource(path).default_service(other), |all, route| {
                all.route((route.make)().guard(guard::fn_guard(accepts(&route.method))))
            })
    }

    /// The methods of a path, as the `Allow` header lists them.
    fn allow(&self, path: &str) -> String {
        let mut methods: Vec<&str> = vec!["OPTIONS"];
        for route in self.routes.iter().filter(|route| route.path == path) {
            methods.push(route.method.as_str());
            if route.method == Method::GET {
                methods.push("HEAD");
            }
        }
        methods.sort_unstable();
        methods.join(", ")
    }
}

fn accepts(method: &Method) -> impl Fn(&GuardContext<'_>) -> bool + 'static {
    let method = method.clone();
    move |context| {
        let asked = &context.head().method;
        *asked == method || (method == Method::GET && *asked == Method::HEAD)
    }
}

/// One line: `POST /path  admin  Body -> 201 Answer`.
impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = match self.operation.access {
            Access::Public => "-",
            Access::Optional => "optional",
            Access::User => "user",
            Access::Admin => "admin",
        };
        let Operation { body, file, query, path, answer, .. } = &self.operation;
        let input = body.or(*query).or(*path).map(|input| input.name);
        let input = input.or(file.map(|file| file.part)).unwrap_or_default();
        write!(
            f,
            "{:<4} {:<44} {who:<8} {input:<21} -> {} {}",
            self.method.as_str(),
            self.path,
            answer.http,
            answer.name
        )
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The whole table, a line for each route: good for a snapshot.
impl fmt::Display for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.routes.iter().try_for_each(|route| writeln!(f, "{route}"))
    }
}
