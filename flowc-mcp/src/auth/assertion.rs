//! `private_key_jwt`: a statement of who we are, signed with a private key (RFC 7523).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use flowc::Secret;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::json;

use super::error::{AuthError, AuthErrorKind};
use super::{grant, random};

/// So long a statement is good, in seconds.
const LIFE: u64 = 60;

/// A key that can sign.
enum Key {
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

/// Says to one authorization server, once, who we are.
pub(super) fn sign(pem: &Secret<String>, id: &str, audience: &str) -> Result<Secret<String>, AuthError> {
    let wrong = |reason| AuthError::from(AuthErrorKind::Key { reason });
    let (key, random) = (Key::read(pem, &SystemRandom::new())?, SystemRandom::new());
    let now = grant::now();
    let number = random::token()?;
    let header = json!({ "alg": key.algorithm(), "typ": "JWT" });
    let claims =
        json!({ "iss": id, "sub": id, "aud": audience, "iat": now, "exp": now + LIFE, "jti": number.expose() });
    let part = |value: &serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(&claims));
    let signature = match &key {
        Key::Ec(key) => key.sign(&random, signed.as_bytes()).map_err(|_| wrong("it does not sign"))?.as_ref().to_vec(),
        Key::Rsa(key) => {
            let mut signature = vec![0; key.public().modulus_len()];
            key.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature)
                .map_err(|_| wrong("it does not sign"))?;
            signature
        }
    };
    Ok(Secret::new(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))))
}

impl Key {
    fn read(pem: &Secret<String>, random: &SystemRandom) -> Result<Self, AuthError> {
        let wrong = |reason| AuthError::from(AuthErrorKind::Key { reason });
        let der = PrivateKeyDer::from_pem_slice(pem.expose().as_bytes()).map_err(|_| wrong("it is not PEM"))?;
        match &der {
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                let ec = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, random).map(Self::Ec);
                ec.or_else(|_| RsaKeyPair::from_pkcs8(der).map(Self::Rsa))
                    .map_err(|_| wrong("it is neither ECDSA with P-256 nor RSA"))
            }
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der())
                .map(Self::Rsa)
                .map_err(|_| wrong("it is no RSA key of 2048 bits or more")),
            _ => Err(wrong("it is not PKCS #8")),
        }
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Ec(_) => "ES256",
            Self::Rsa(_) => "RS256",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ring::signature::{ECDSA_P256_SHA256_FIXED, KeyPair, UnparsedPublicKey};

    #[test]
    fn a_statement_is_signed_with_the_key() {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let body = base64::prelude::BASE64_STANDARD.encode(pkcs8.as_ref());
        let pem = Secret::new(format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"));
        let statement = sign(&pem, "me", "https://a.example").unwrap();
        let (signed, signature) = statement.expose().rsplit_once('.').unwrap();
        let key =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &SystemRandom::new()).unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key().as_ref());
        public.verify(signed.as_bytes(), &BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        let claims = BASE64_URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!((&claims["sub"], &claims["aud"]), (&json!("me"), &json!("https://a.example")));
    }

    #[test]
    fn what_is_no_key_is_not_shown() {
        let body = base64::prelude::BASE64_STANDARD.encode("not a key");
        for pem in ["s3cret".to_owned(), format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n")] {
            let error = sign(&Secret::new(pem), "me", "x").unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }
}
