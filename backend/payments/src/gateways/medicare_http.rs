//! Medicare's channel over HTTP: a token for a signed assertion (RFC 7523), the channel's headers on each message, and one id for each.
//! Headers, addresses and bodies as in a public client, second hand, read 2026-11-22. No redirect is followed.

mod reading;
mod token;

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use kernel::Core;
use reqwest::{Client, RequestBuilder, StatusCode, Url, redirect};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use shared_types::payments::claim::VerificationKind;
use uuid::Uuid;

use self::{reading::codes, token::Tokens};
use super::medicare::{Answer, Asking, MedicareError, MedicareGateway, NoChannel, Question, Received};
use crate::{
    config::MedicareSettings,
    domain::claim::{Assessment, ClaimMessage, PaymentRun},
};

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(30);
/// What the channel knows us as.
const PRODUCT: &str = concat!("HelloMapper ", env!("CARGO_PKG_VERSION"));
/// The answer that may hide a success.
const HIDES_SUCCESS: &str = "3004";

/// The channel of the settings; without any, there is none.
///
/// # Errors
/// When an address is none, or the device's key is no RSA key.
pub fn channel(core: &Core, settings: Option<&MedicareSettings>) -> anyhow::Result<Arc<dyn MedicareGateway>> {
    let Some(settings) = settings.cloned() else { return Ok(Arc::new(NoChannel)) };
    let device = Device {
        token_address: settings.token_address,
        organisation: settings.organisation,
        name: settings.device,
        key: settings.device_key,
    };
    Ok(Arc::new(HttpMedicare::new(core.clone(), &settings.address, settings.client_id, device)?))
}

/// A device that is registered with Medicare's identity service. It prints nothing.
pub struct Device {
    /// Where tokens are had.
    pub token_address: String,
    /// The organisation's number there.
    pub organisation: String,
    /// The device's name there.
    pub name: String,
    /// Its key: RSA in DER.
    pub key: Vec<u8>,
}

/// The channel.
pub struct HttpMedicare {
    core: Core,
    client: Client,
    address: Url,
    client_id: String,
    tokens: Tokens,
}

impl HttpMedicare {
    /// The channel at an address.
    ///
    /// # Errors
    /// When an address is none, or the device's key is no RSA key.
    pub fn new(core: Core, address: &str, client_id: String, device: Device) -> anyhow::Result<Self> {
        let client = Client::builder().timeout(ANSWER).redirect(redirect::Policy::none()).build();
        let client = client.context("making a client for Medicare's channel")?;
        let address =
            Url::parse(&format!("{}/", address.trim_end_matches('/'))).context("reading MEDICARE_URL")?;
        let tokens = Tokens::new(core.clone(), client.clone(), device)?;
        Ok(Self { core, client, address, client_id, tokens })
    }

    /// Sends a message about a card and gives the body of a good answer.
    async fn ask(
        &self,
        asking: &Asking,
        path: &str,
        subject: &str,
        body: &Value,
    ) -> Result<Vec<u8>, MedicareError> {
        let token = self.tokens.current().await?;
        let address = self.address.join(path).map_err(|_| MedicareError::NotSent("the address is none"))?;
        let request = self.headed(self.client.post(address), asking, subject);
        let sent = request.bearer_auth(token).json(body).send().await;
        let response = match sent {
            Ok(response) => response,
            // Nothing was sent before there was a connection.
            Err(error) if error.is_connect() => return Err(MedicareError::NotSent("no connection")),
            Err(_) => return Err(MedicareError::Unknown),
        };
        let status = response.status();
        let body = response.bytes().await.map_err(|_| MedicareError::Unknown)?;
        match status {
            StatusCode::OK => Ok(body.to_vec()),
            StatusCode::UNAUTHORIZED => {
                self.tokens.forget().await;
                Err(MedicareError::NotSent("the token is not good any more"))
            }
            StatusCode::BAD_REQUEST => match codes(&body) {
                Some(codes) if codes.iter().any(|code| code == HIDES_SUCCESS) => Err(MedicareError::Unknown),
                Some(codes) => Err(MedicareError::Refused(codes)),
                None => Err(MedicareError::Unreadable),
            },
            // Whatever stands between says nothing of what lies behind it.
            _ => Err(MedicareError::Unknown),
        }
    }

    fn headed(&self, request: RequestBuilder, asking: &Asking, subject: &str) -> RequestBuilder {
        let message_id: Uuid = self.core.id();
        request
            .header("X-IBM-Client-Id", &self.client_id)
            .header("dhs-auditId", &asking.location_id)
            .header("dhs-auditIdType", "Location Id")
            .header("dhs-subjectId", subject)
            .header("dhs-subjectIdType", "Medicare Card")
            .header("dhs-messageId", format!("urn:uuid:{message_id}"))
            .header("dhs-correlationId", &asking.correlation_id)
            .header("dhs-productId", PRODUCT)
    }
}

impl MedicareGateway for HttpMedicare {
    fn lodge<'a>(&'a self, asking: &'a Asking, claim: &'a ClaimMessage) -> Answer<'a, String> {
        Box::pin(async move {
            let path = format!("mcp/bulkbillstoreforward/{}/v1", claim.path);
            let body = self.ask(asking, &path, &claim.member_number, &claim.body).await?;
            // What cannot be read arrived all the same, perhaps.
            reading::claim_id(&body).ok_or(MedicareError::Unknown)
        })
    }

    fn arrived<'a>(&'a self, asking: &'a Asking, correlation_id: &'a str) -> Answer<'a, Option<String>> {
        Box::pin(async move {
            let asked = json!({"correlationId": correlation_id});
            let body = self.ask(asking, "mcp/statusreport/v1", "", &asked).await?;
            reading::arrived(&body).ok_or(MedicareError::Unreadable)
        })
    }

    fn processing_report<'a>(
        &'a self,
        asking: &'a Asking,
        claim_id: &'a str,
    ) -> Answer<'a, Received<Assessment>> {
        Box::pin(async move {
            let asked = json!({"claimId": claim_id});
            let body = self.ask(asking, "mcp/bulkbillprocessingreport/v1", "", &asked).await?;
            let report = reading::report(&body, reading::assessment).ok_or(MedicareError::Unreadable)?;
            Ok((report, Sha256::digest(&body).into()))
        })
    }

    fn payment_report<'a>(
        &'a self,
        asking: &'a Asking,
        claim_id: &'a str,
    ) -> Answer<'a, Received<PaymentRun>> {
        Box::pin(async move {
            let asked = json!({"claimId": claim_id});
            let body = self.ask(asking, "mcp/bulkbillpaymentreport/v1", "", &asked).await?;
            let report = reading::report(&body, reading::payment_run).ok_or(MedicareError::Unreadable)?;
            Ok((report, Sha256::digest(&body).into()))
        })
    }

    fn verify<'a>(&'a self, asking: &'a Asking, question: &'a Question) -> Answer<'a, String> {
        Box::pin(async move {
            let path = match question.kind {
                VerificationKind::Medicare => "mcp/patientverification/medicare/v1",
                VerificationKind::Concession => "mcp/concessionverification/v1",
                VerificationKind::Veteran => "mcp/veteranverification/v1",
            };
            let asked = json!({"patient": question.patient});
            let body = self.ask(asking, path, &question.number, &asked).await?;
            reading::verification(&body).ok_or(MedicareError::Unreadable)
        })
    }
}
