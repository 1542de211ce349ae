//! The methods that pool, connection and transaction have in common, written once.

/// Writes the statement methods; the arguments say how to get at the connection: what is done at the call, where the
/// caller's place in the code is known, and what is done in the future.
macro_rules! statement_methods {
    (|$this:ident: $this_type:ty| let $begun:ident = $beginning:expr; $connection:expr) => {
        /// All rows of a statement.
        ///
        /// # Errors
        /// What the server says about the statement; [`DbError::Decode`](crate::DbError::Decode) if a row is not
        /// what `T` expects; [`DbError::StatementTimeout`](crate::DbError::StatementTimeout) if it takes too long;
        /// [`DbError::Unavailable`](crate::DbError::Unavailable) if the connection breaks.
        #[track_caller]
        pub fn query<T: crate::FromRow>(
            $this: $this_type,
            sql: &'static str,
            params: impl Into<crate::Params>,
        ) -> impl Future<Output = Result<Vec<T>, crate::DbError>> {
            let ($begun, params) = ($beginning, params.into());
            async move { $connection.run_query(sql, params).await }
        }

        /// The first row of a statement that must have one.
        ///
        /// # Errors
        /// [`DbError::NotFound`](crate::DbError::NotFound) if there is no row, and those of [`query`](Self::query).
        #[track_caller]
        pub fn query_one<T: crate::FromRow>(
            $this: $this_type,
            sql: &'static str,
            params: impl Into<crate::Params>,
        ) -> impl Future<Output = Result<T, crate::DbError>> {
            let ($begun, params) = ($beginning, params.into());
            async move { $connection.run_optional(sql, params).await?.ok_or(crate::DbError::NotFound) }
        }

        /// The first row of a statement, if there is one. All rows are read, so say `LIMIT 1` where there may be many.
        ///
        /// # Errors
        /// Those of [`query`](Self::query).
        #[track_caller]
        pub fn query_optional<T: crate::FromRow>(
            $this: $this_type,
            sql: &'static str,
            params: impl Into<crate::Params>,
        ) -> impl Future<Output = Result<Option<T>, crate::DbError>> {
            let ($begun, params) = ($beginning, params.into());
            async move { $connection.run_optional(sql, params).await }
        }

        /// Runs a statement and says how many rows it matched, whether it changed them or not.
        ///
        /// For `INSERT … ON DUPLICATE KEY UPDATE` the server counts a changed row twice.
        ///
        /// # Errors
        /// What the server says about the statement, such as [`DbError::Duplicate`](crate::DbError::Duplicate);
        /// after [`DbError::Unavailable`](crate::DbError::Unavailable) or
        /// [`DbError::StatementTimeout`](crate::DbError::StatementTimeout) it may have taken place or not.
        #[track_caller]
        pub fn execute(
            $this: $this_type,
            sql: &'static str,
            params: impl Into<crate::Params>,
        ) -> impl Future<Output = Result<u64, crate::DbError>> {
            let ($begun, params) = ($beginning, params.into());
            async move { $connection.run_execute(sql, params).await }
        }

        /// Runs an `INSERT` and gives the id that the server made; of several rows the first, 0 if it made none.
        ///
        /// # Errors
        /// Those of [`execute`](Self::execute).
        #[track_caller]
        pub fn insert(
            $this: $this_type,
            sql: &'static str,
            params: impl Into<crate::Params>,
        ) -> impl Future<Output = Result<u64, crate::DbError>> {
            let ($begun, params) = ($beginning, params.into());
            async move { $connection.run_insert(sql, params).await }
        }

        /// Runs one statement for each set of parameters, all or none, and says how many rows matched in total.
        ///
        /// Outside of a transaction it makes its own; inside of one it is a part of that.
        ///
        /// # Errors
        /// That of the first statement that fails, and [`DbError::OutcomeUnknown`](crate::DbError::OutcomeUnknown).
        #[track_caller]
        pub fn execute_many<P: Into<crate::Params>>(
            $this: $this_type,
            sql: &'static str,
            rows: impl IntoIterator<Item = P>,
        ) -> impl Future<Output = Result<u64, crate::DbError>> {
            let $begun = $beginning;
            async move { $connection.run_many(sql, rows).await }
        }
    };
}

pub(crate) use statement_methods;
