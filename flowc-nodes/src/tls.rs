//! Whom connections trust.

use std::sync::Arc;

/// Trusts whom Mozilla trusts, and needs no compiler of C.
pub(crate) fn client() -> Result<rustls::ClientConfig, String> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be made ready: {error}"))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
