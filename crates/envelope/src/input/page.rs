//! Long lists, a page at a time.

use super::{Change, Int};

crate::input! {
    /// Which page of a list is wanted.
    ///
    /// ```
    /// use kseekers_envelope::input::{Input, PageQuery};
    ///
    /// let third = PageQuery::from_json(br#"{"page": 3, "page_size": 50}"#)?;
    /// assert_eq!((third.size(), third.offset()), (50, 100));
    /// # Ok::<(), kseekers_envelope::input::Problems>(())
    /// ```
    pub struct PageQuery {
        /// Its number, from 1; the first if nothing is said.
        pub page: Change<Int<1, 2_147_483_647>>,
        /// Most records on a page; 20 if nothing is said.
        pub page_size: Change<Int<1, 100>>,
    }
}

impl PageQuery {
    /// The number of the page, from 1.
    pub fn number(&self) -> i64 {
        self.page.0.map_or(1, Int::get)
    }

    /// Most records on the page: the `LIMIT`.
    pub fn size(&self) -> i64 {
        self.page_size.0.map_or(20, Int::get)
    }

    /// How many records come before the page: the `OFFSET`.
    pub fn offset(&self) -> i64 {
        (self.number() - 1) * self.size()
    }
}
