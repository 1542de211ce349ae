//! How each route is used, what it says then, and what is not there or there already.

use serde_json::{Value, json};

use super::document::Access;

/// The headings of the document whose routes all have their rows here.
pub(super) const SECTIONS: [&str; 4] = ["Health", "Auth", "Lookups", "Display configuration"];

/// Routes of another heading, driven in `files.rs`: they want a form or a file that was uploaded before.
pub(super) const FILES: (&str, [&str; 3]) =
    ("Files", ["/files/upload", "/files/presign-download", "/files/delete"]);

pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) access: Access,
    /// A body, or a query for GET.
    pub(super) good: Value,
    pub(super) says: (u16, &'static str),
    /// What names something that is not there: 404.
    pub(super) absent: Vec<(Value, &'static str)>,
    /// What would be there twice: 409.
    pub(super) taken: Vec<Value>,
    /// What breaks a rule of its own: 400.
    pub(super) wrong: Vec<(Value, &'static str)>,
}

fn row(method: &'static str, path: &'static str, good: Value, says: (u16, &'static str)) -> Row {
    let access = Access::Everybody;
    Row { method, path, access, good, says, absent: Vec::new(), taken: Vec::new(), wrong: Vec::new() }
}

fn get(path: &'static str, query: Value, message: &'static str) -> Row {
    row("GET", path, query, (200, message))
}

fn post(path: &'static str, body: Value, message: &'static str) -> Row {
    row("POST", path, body, (200, message))
}

fn create(path: &'static str, body: Value, message: &'static str) -> Row {
    row("POST", path, body, (201, message))
}

impl Row {
    fn users(self) -> Self {
        Self { access: Access::Users, ..self }
    }

    fn admins(self) -> Self {
        Self { access: Access::Administrators, ..self }
    }

    fn absent(mut self, input: Value, message: &'static str) -> Self {
        self.absent.push((input, message));
        self
    }

    fn taken(mut self, input: Value) -> Self {
        self.taken.push(input);
        self
    }

    fn wrong(mut self, input: Value, message: &'static str) -> Self {
        self.wrong.push((input, message));
        self
    }
}

/// In this order: what a row changes or deletes, the rows before it may still use.
pub(super) fn table() -> Vec<Row> {
    [health(), auth(), lookups(), grids()].into_iter().flatten().collect()
}

fn health() -> Vec<Row> {
    ["/healthCheck", "/health/live", "/health/ready"].map(|path| get(path, Value::Null, "Success")).into()
}

fn auth() -> Vec<Row> {
    let ada = json!({ "username": "ada", "email": "ada@example.com", "phone": null });
    vec![
        create("/auth/register", ada, "User created successfully")
            .taken(json!({ "username": "ADMIN", "email": "new@example.com" }))
            .taken(json!({ "username": "new", "email": "ADMIN@Example.com" }))
            .wrong(json!({ "username": "a@b", "email": "a@example.com" }), "Username may not contain @")
            .wrong(json!({ "username": "new", "email": "nonsense" }), "Email address is not valid"),
        // Not for the one who verifies a code below: of two codes on their way either may be printed first.
        post("/auth/otp/request", json!({ "username_or_email": "ada" }), "OTP sent successfully"),
        post(
            "/auth/otp/verify",
            json!({ "username_or_email": "admin@example.com", "otp_code": "(a new one)" }),
            "Token generated successfully",
        ),
        get("/auth/me", Value::Null, "User profile retrieved successfully").users(),
    ]
}

fn lookups() -> Vec<Row> {
    let (no_type, no_value) = ("Lookup type not found", "Lookup value not found");
    let values = "Lookup values retrieved successfully";
    let blue =
        json!({ "lookup_type_id": "9001", "code": "b", "value": "Blue", "is_active": 1, "sort_order": 3 });
    vec![
        get("/lookup/types", Value::Null, "Lookup types retrieved successfully"),
        post("/lookup/types/get", json!({ "type": "colours" }), "Lookup type retrieved successfully")
            .absent(json!({ "type": "unknown" }), no_type)
            .wrong(json!({ "type": " " }), "Name is required"),
        create("/lookup/types", json!({ "name": "shapes" }), "Lookup type created successfully")
            .admins()
            .taken(json!({ "name": "Colours" }))
            .wrong(json!({ "name": "" }), "Name is required"),
        post(
            "/lookup/types/update",
            json!({ "type_id": 9001, "description": null }),
            "Lookup type updated successfully",
        )
        .admins()
        .absent(json!({ "type_id": 9999, "name": "x" }), no_type)
        .taken(json!({ "type_id": 9001, "name": "SIZES" })),
        post("/lookup/types/manage", json!({ "name": "colours" }), "Lookup type managed successfully")
            .admins(),
        get("/lookup/values", json!({ "type": "colours" }), values),
        post("/lookup/values", json!({ "lookup_type_name": "unknown" }), values),
        post("/lookup/values/get", json!({ "value_id": 9001 }), "Lookup value retrieved successfully")
            .absent(json!({ "value_id": 9999 }), no_value),
        create("/lookup/values/create", blue, "Lookup value created successfully")
            .admins()
            .absent(json!({ "lookup_type_id": 9999, "code": "x", "value": "X" }), no_type)
            .taken(json!({ "lookup_type_id": 9001, "code": "R", "value": "X" })),
        post(
            "/lookup/values/update",
            json!({ "value_id": 9001, "value": "Rot" }),
            "Lookup value updated successfully",
        )
        .admins()
        .absent(json!({ "value_id": 9999, "code": "x" }), no_value)
        .taken(json!({ "value_id": 9001, "code": "g" })),
        get("/lookup/getHeaders", json!({ "type": "colours" }), "Headers retrieved successfully")
            .users()
            .absent(json!({ "type": "sizes" }), "No Headers Found")
            .absent(json!({ "type": "unknown" }), "No Headers Found"),
        post("/lookup/values/delete", json!({ "value_id": 9001 }), "Lookup value deleted successfully")
            .admins()
            .absent(json!({ "value_id": 9999 }), no_value),
        post("/lookup/types/delete", json!({ "type_id": 9001 }), "Lookup type deleted successfully")
            .admins()
            .absent(json!({ "type_id": 9999 }), no_type),
    ]
}

fn grids() -> Vec<Row> {
    let (no_config, no_grid) = ("Display config not found", "Grid metadata not found");
    let (headers, configs) = ("Headers retrieved successfully", "Display configs retrieved successfully");
    let column = |grid: &str, id: &str, title: &str| json!({ "gridNameId": grid, "displayId": id, "title": title, "sortIndex": 3 });
    let bills = || json!({ "gridNameId": "bills_1" });
    vec![
        get("/display-config/grid-headers", bills(), headers),
        post("/display-config/grid-headers", json!({ "type": "unknown" }), headers),
        get("/display-config/by-grid", bills(), configs),
        post("/display-config/by-grid", bills(), configs),
        post("/display-config/result-display-config/list", bills(), configs),
        get("/display-config", Value::Null, configs),
        get("/display-config/types", Value::Null, "Display config types retrieved successfully"),
        post("/display-config/get", json!({ "id": 9001 }), "Display config retrieved successfully")
            .absent(json!({ "config_id": 9999 }), no_config),
        create("/display-config/create", column("bills_1", "c", "C"), "Display config created successfully")
            .admins()
            .absent(column("unknown", "c", "C"), no_grid)
            .taken(column("bills_1", "A", "C"))
            .wrong(column(" ", "c", "C"), "Grid Name ID is required")
            .wrong(column("bills_1", "", "C"), "Display ID is required")
            .wrong(column("bills_1", "c", "  "), "Title is required"),
        post(
            "/display-config/update",
            json!({ "config_id": 9001, "hidden": true }),
            "Display config updated successfully",
        )
        .admins()
        .absent(json!({ "config_id": 9999, "title": "X" }), no_config)
        .absent(json!({ "config_id": 9001, "gridNameId": "unknown" }), no_grid)
        .taken(json!({ "config_id": 9001, "displayId": "b" }))
        .wrong(json!({ "config_id": 9001, "title": "" }), "Title cannot be empty")
        .wrong(json!({ "config_id": 9001, "displayId": "" }), "Display ID cannot be empty")
        .wrong(json!({ "config_id": 9001, "gridNameId": "" }), "Grid Name ID cannot be empty"),
        post("/display-config/delete", json!({ "config_id": 9001 }), "Display config deleted successfully")
            .admins()
            .absent(json!({ "config_id": 9999 }), no_config),
        get("/display-config/grid-metadata", Value::Null, "Grid metadata retrieved successfully"),
        post("/display-config/grid-metadata/get", bills(), "Grid metadata retrieved successfully")
            .absent(json!({ "gridNameId": "unknown" }), no_grid),
        post("/display-config/grid-metadata/list", json!({}), "Grid metadata list retrieved successfully"),
        create(
            "/display-config/grid-metadata/create",
            json!({ "gridName": "notes", "gridNameId": "notes_1" }),
            "Grid metadata created successfully",
        )
        .admins()
        .taken(json!({ "gridName": "Bills", "gridNameId": "x" }))
        .taken(json!({ "gridName": "x", "gridNameId": "BILLS_1" })),
        post(
            "/display-config/grid-metadata/edit",
            json!({ "id": 9001, "is_active": 0 }),
            "Grid metadata updated successfully",
        )
        .admins()
        .absent(json!({ "id": 9999, "gridName": "x" }), no_grid)
        .taken(json!({ "id": 9001, "gridName": "carts" }))
        .taken(json!({ "id": 9001, "gridNameId": "carts_1" })),
        post(
            "/display-config/grid-metadata/delete",
            json!({ "id": 9001 }),
            "Grid metadata deleted successfully",
        )
        .admins()
        .absent(json!({ "id": 9999 }), no_grid),
    ]
}
