//! How codes reach people here; a real service would send mail or a text message.

use async_trait::async_trait;
use kseekers_auth::{CodeMessage, CodeSender, DeliveryError};

pub struct Printed;

#[async_trait]
impl CodeSender for Printed {
    async fn send(&self, message: &CodeMessage) -> Result<(), DeliveryError> {
        println!("code for {}: {}", message.email, message.code.expose());
        Ok(())
    }
}
