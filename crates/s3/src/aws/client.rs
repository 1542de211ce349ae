//! The clients of the SDK, and how long each call may take.

use std::time::Duration;

use aws_sdk_s3::config::{
    BehaviorVersion, Builder, Credentials, Region, RequestChecksumCalculation, StalledStreamProtectionConfig,
    retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_sdk_s3::{Client, Config};
use secrecy::ExposeSecret;

use super::S3Options;

/// The SDK's own default. Beyond it a packet was lost more than once.
const CONNECT: Duration = Duration::from_millis(3100);

/// What a slow line carries, in bytes a second.
const SLOW: u64 = 128 * 1024;

/// How long somebody who asks whether the bucket answers will wait.
const CHECK: Duration = Duration::from_secs(2);

/// The client for our own requests, and the one that makes links.
pub(super) fn clients(options: &S3Options) -> (Client, Client) {
    let credentials =
        Credentials::new(options.access_key.clone(), options.secret.expose_secret(), None, None, "settings");
    let mut config = Config::builder()
        // Retries and defaults stay as they were tested here, whatever the SDK's next version thinks best.
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(options.region.clone()))
        .credentials_provider(credentials)
        .force_path_style(options.path_style)
        // Content is in memory when it is sent, and its SHA-256 is part of the signature: S3 and all who speak its
        // protocol refuse what was damaged. A second checksum would add a form of body that some of them refuse.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        // Its measure is a byte a second; ours are the deadlines.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .retry_config(RetryConfig::standard())
        .timeout_config(within(options.timeout));
    config.set_endpoint_url(options.endpoint.clone());
    let config = config.build();
    let public = match &options.public_endpoint {
        Some(url) => Client::from_conf(config.to_builder().endpoint_url(url).build()),
        None => Client::from_conf(config.clone()),
    };
    (Client::from_conf(config), public)
}

fn within(limit: Duration) -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT.min(limit)).operation_timeout(limit).build()
}

/// For a request that carries so many bytes.
pub(super) fn sending(size: usize, timeout: Duration) -> Builder {
    let on_the_way = Duration::from_secs(size as u64 / SLOW);
    Config::builder().timeout_config(within(timeout.saturating_add(on_the_way)))
}

/// For a question that is asked again soon.
pub(super) fn checking(timeout: Duration) -> Builder {
    Config::builder().retry_config(RetryConfig::disabled()).timeout_config(within(CHECK.min(timeout)))
}
