//! What nobody can guess: the state of a sign-in, the verifier of PKCE, the number of an assertion.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use flowc::Secret;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

use super::error::{AuthError, AuthErrorKind};

/// 256 random bits as 43 letters.
pub(super) fn token() -> Result<Secret<String>, AuthError> {
    let mut bytes = [0_u8; 32];
    let failed = |_| AuthErrorKind::Key { reason: "the system gives no random numbers" };
    SystemRandom::new().fill(&mut bytes).map_err(failed)?;
    Ok(Secret::new(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
}

/// What proves, later on, that the one with the verifier is the one who asked (RFC 7636, S256).
pub(super) fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_challenge_is_that_of_the_standard() {
        // Appendix B of RFC 7636.
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn no_two_are_the_same() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert_eq!((one.expose().len(), other.expose().len()), (43, 43));
        assert_ne!(one.expose(), other.expose());
    }
}
