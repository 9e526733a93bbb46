"""The sealing formats, a second time, written from docs/sealing-format.md alone.

Reads and writes what a patient needs to write to a practice, and what both need to read. Everything that does not fit is
refused with `Refused`.
"""

import hashlib
import os
import struct
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey, OpenError

HEAD = bytes([1]) + struct.pack(">H", 1)
RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
SUITE = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.CHACHA20_POLY1305)


class Refused(Exception):
    """The bytes are not what they should be."""


def require(condition, why):
    if not condition:
        raise Refused(why)


# Conventions


def label(text):
    text = ("hellomapper/v1/" + text).encode()
    return bytes([len(text)]) + text


def derive(use, source, context=b""):
    hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=label(use) + context)
    return hkdf.derive(source)


def labelled_hash(use, data):
    return hashlib.sha256(label(use) + data).digest()


def sized(data):
    return struct.pack(">I", len(data)) + data


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def raw(self, length):
        require(self.at + length <= len(self.data), "truncated")
        self.at += length
        return self.data[self.at - length : self.at]

    def u8(self):
        return self.raw(1)[0]

    def u32(self):
        return struct.unpack(">I", self.raw(4))[0]

    def i64(self):
        return struct.unpack(">q", self.raw(8))[0]

    def sized(self, at_most):
        length = self.u32()
        require(length <= at_most, "too long")
        return self.raw(length)

    def counter(self):
        number = self.u32()
        require(number > 0, "counters begin at one")
        return number

    def head(self, magic):
        require(self.raw(4) == magic, "another format")
        require(self.raw(3) == HEAD, "another version or suite")

    def optional(self, length):
        present = self.u8()
        require(present in (0, 1), "presence")
        return self.raw(length) if present else None

    def before(self):
        """Everything that was read so far."""
        return self.data[: self.at]

    def finish(self):
        require(self.at == len(self.data), "trailing bytes")


# Suite 1


def aead_seal(key, associated_data, plaintext):
    nonce = os.urandom(24)
    encrypt = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt
    return nonce + encrypt(plaintext, associated_data, nonce, key)


def aead_open(key, associated_data, nonce, ciphertext):
    try:
        decrypt = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt
        return decrypt(ciphertext, associated_data, nonce, key)
    except CryptoError as error:
        raise Refused("does not open") from error


def hpke_seal(public, info, plaintext):
    key = KEMKey.from_pyca_cryptography_key(X25519PublicKey.from_public_bytes(public))
    encapsulated, sender = SUITE.create_sender_context(key, info)
    return encapsulated + sender.seal(plaintext)


def hpke_open(private, info, sealed):
    key = KEMKey.from_pyca_cryptography_key(X25519PrivateKey.from_private_bytes(private))
    try:
        return SUITE.create_recipient_context(sealed[:32], key, info).open(sealed[32:])
    except OpenError as error:
        raise Refused("does not open") from error


def receive_public(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes(*RAW)


def sign_public(private):
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes(*RAW)


def sign(use, private, data):
    return Ed25519PrivateKey.from_private_bytes(private).sign(label(use) + hashlib.sha256(data).digest())


def verify(use, public, data, signature):
    try:
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(signature, label(use) + hashlib.sha256(data).digest())
    except InvalidSignature as error:
        raise Refused("the signature does not hold") from error


# Password and account key

FLOOR, CEILING = (19456, 2, 1), (262144, 16, 4)


@dataclass
class Password:
    parameters: bytes
    auth: bytes
    kek: bytes


def kdf_parameters(memory, passes, lanes, salt):
    return struct.pack(">BIIB", 2, memory, passes, lanes) + salt


def password_keys(password, parameters):
    algorithm, *cost = struct.unpack(">BIIB", parameters[:10])
    require(algorithm == 2, "another derivation")
    require(all(low <= it <= high for low, it, high in zip(FLOOR, cost, CEILING)), "cost")
    memory, passes, lanes = cost
    root = hash_secret_raw(
        password.encode(), parameters[10:], passes, memory, lanes, hash_len=32, type=Type.ID, version=0x13
    )
    return Password(
        parameters, derive("password/auth", root, parameters), derive("password/kek", root, parameters)
    )


def wrap_account_key(account, account_key, password):
    header = b"HMak" + HEAD + account + bytes([1]) + password.parameters
    return header + aead_seal(password.kek, label("account-key/wrap") + header, account_key)


def unwrap_account_key(wrapped, kek_of):
    """`kek_of(account, door)` gives the key of a door: ("password", parameters), ("passkey", id), ("code",)."""
    reader = Reader(wrapped)
    reader.head(b"HMak")
    account = reader.raw(16)
    kind = reader.u8()
    require(kind in (1, 2, 3), "door")
    if kind == 1:
        door = ("password", reader.raw(26))
    elif kind == 2:
        door = ("passkey", reader.sized(1023))
    else:
        door = ("code",)
    header = reader.before()
    nonce, ciphertext = reader.raw(24), reader.raw(48)
    reader.finish()
    kek = kek_of(account, door)
    return account, aead_open(kek, label("account-key/wrap") + header, nonce, ciphertext)


def passkey_kek(account, credential, prf):
    return derive("passkey/kek", prf, account + credential)


def recovery_code_kek(account, code):
    return derive("recovery-code/kek", code, account)


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def read_printed(text, length):
    letters = [c for c in text.upper().replace("O", "0").replace("I", "1").replace("L", "1") if c.isalnum()]
    require(len(letters) * 5 == length * 8, "length")
    number = 0
    for letter in letters:
        require(letter in ALPHABET, "alphabet")
        number = number << 5 | ALPHABET.index(letter)
    return number.to_bytes(length, "big")


def read_recovery_code(text):
    data = read_printed(text, 20)
    require(labelled_hash("recovery-code/check", data[:16])[:4] == data[16:], "check")
    return data[:16]


# A person's keys


@dataclass
class Keys:
    account: bytes
    receive: bytes
    sign: bytes

    def bound(self):
        return self.account + self.receive + self.sign

    def key_id(self):
        return labelled_hash("identity/key-id", self.bound())


@dataclass
class Identity:
    keys: Keys
    receive: bytes
    sign: bytes

    @classmethod
    def of(cls, account, receive, sign_seed):
        return cls(Keys(account, receive_public(receive), sign_public(sign_seed)), receive, sign_seed)

    def key_set(self):
        return self.keys.bound() + sign("identity/binding", self.sign, self.keys.bound())


def read_key_set(reader):
    keys = Keys(reader.raw(16), reader.raw(32), reader.raw(32))
    verify("identity/binding", keys.sign, keys.bound(), reader.raw(64))
    return keys


def identity_wrap_key(account_key):
    return derive("account-key/use", account_key, b"hellomapper/v1/identity/wrap")


def wrap_identity(identity, account_key):
    header = b"HMid" + HEAD + identity.keys.account + identity.keys.key_id()
    plaintext = identity.receive + identity.sign
    return header + aead_seal(identity_wrap_key(account_key), label("identity/wrap") + header, plaintext)


def unwrap_identity(wrapped, account_key):
    reader = Reader(wrapped)
    reader.head(b"HMid")
    account, key_id = reader.raw(16), reader.raw(32)
    header = reader.before()
    nonce, ciphertext = reader.raw(24), reader.raw(80)
    reader.finish()
    halves = aead_open(identity_wrap_key(account_key), label("identity/wrap") + header, nonce, ciphertext)
    identity = Identity.of(account, halves[:32], halves[32:])
    require(identity.keys.key_id() == key_id, "other keys")
    return identity


# The key directory


@dataclass
class Practice:
    organization: bytes
    epoch: int
    mailbox: bytes
    recovery_since: int
    recovery: bytes
    owners: list

    def key_id(self):
        epoch = struct.pack(">I", self.epoch)
        return labelled_hash("mailbox/key-id", self.organization + epoch + self.mailbox)

    def recovery_key_id(self):
        since = struct.pack(">I", self.recovery_since)
        return labelled_hash("mailbox/recovery-key-id", self.organization + since + self.recovery)


def read_practice(reader):
    organization, epoch, mailbox = reader.raw(16), reader.counter(), reader.raw(32)
    since, recovery, count = reader.counter(), reader.raw(32), reader.u8()
    require(1 <= count <= 16, "owners")
    owners = [reader.raw(32) for _ in range(count)]
    require(owners == sorted(set(owners)), "owners in order")
    return Practice(organization, epoch, mailbox, since, recovery, owners)


def read_leaf(leaf):
    """The statement of a leaf that its subject signed: `Keys` or `Practice`."""
    reader = Reader(leaf)
    reader.head(b"HMdl")
    kind = reader.u8()
    require(kind in (1, 2), "statement")
    statement = read_key_set(reader) if kind == 1 else read_practice(reader)
    reader.optional(32)
    reader.i64()
    signer = reader.raw(32)
    body = reader.before()
    verify("directory/leaf-signature", signer, body, reader.raw(64))
    reader.optional(64)
    reader.finish()
    require(signer in (statement.owners if kind == 2 else [statement.sign]), "signer")
    return statement


def write_account_leaf(identity, milliseconds):
    body = b"HMdl" + HEAD + bytes([1]) + identity.key_set() + bytes([0])
    body += struct.pack(">q", milliseconds) + identity.keys.sign
    return body + sign("directory/leaf-signature", identity.sign, body) + bytes([0])


def fingerprint(statement):
    if isinstance(statement, Practice):
        kind, subject, keys = 2, statement.organization, b"".join(statement.owners)
    else:
        kind, subject, keys = 1, statement.account, statement.receive + statement.sign
    data = label("directory/fingerprint") + bytes([1, kind]) + subject + keys
    digest = hashlib.sha512(data).digest()
    for _ in range(5199):
        digest = hashlib.sha512(digest + data).digest()
    groups = [int.from_bytes(digest[at : at + 5], "big") % 100000 for at in range(0, 60, 5)]
    return " ".join(f"{group:05}" for group in groups)


# A practice's mailbox


def open_grant(grant, practice, holder_kind, holder_id, private, later=()):
    reader = Reader(grant)
    reader.head(b"HMgr")
    require(reader.raw(16) == practice.organization, "other practice")
    require(reader.counter() == practice.epoch, "other epoch")
    require((reader.u8(), reader.raw(32)) == (holder_kind, holder_id), "other holder")
    signer = reader.raw(32)
    after = [it for it in later if it.organization == practice.organization and it.epoch > practice.epoch]
    require(any(signer in it.owners for it in [practice, *after]), "not an owner")
    info = label("mailbox/grant") + reader.before() + practice.mailbox
    sealed = reader.raw(80)
    verify("mailbox/grant-signature", signer, reader.before(), reader.raw(64))
    reader.finish()
    mailbox = hpke_open(private, info, sealed)
    require(receive_public(mailbox) == practice.mailbox, "other key")
    return mailbox


def gf_multiply(a, b):
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def gf_inverse(a):
    return next(b for b in range(1, 256) if gf_multiply(a, b) == 1)


def combine_shares(texts, practice):
    points = []
    for text in texts:
        data = read_printed(text, 60)
        require(labelled_hash("mailbox/recovery-share-check", data[:54])[:6] == data[54:], "check")
        reader = Reader(data)
        require(reader.u8() == 1, "another version")
        require(reader.raw(16) == practice.organization, "other practice")
        require(reader.counter() == practice.recovery_since, "other epoch")
        points.append((reader.u8(), reader.raw(32)))
    (x1, y1), (x2, y2) = points
    # Lagrange at zero: x2/(x1+x2) and x1/(x1+x2), where + is exclusive or.
    inverse = gf_inverse(x1 ^ x2)
    first, second = gf_multiply(x2, inverse), gf_multiply(x1, inverse)
    secret = bytes(gf_multiply(a, first) ^ gf_multiply(b, second) for a, b in zip(y1, y2))
    require(receive_public(secret) == practice.recovery, "other key")
    return secret


# Notes and envelopes

KINDS = {1: "reason", 2: "intake answers", 3: "attachment", 4: "message", 5: "feedback"}


def write_note(note):
    kind = next(number for number, name in KINDS.items() if name == note["kind"])
    if kind == 2:
        answers = note["answers"]
        fields = struct.pack(">I", len(answers))
        fields += b"".join(sized(question.encode()) + sized(answer.encode()) for question, answer in answers)
    elif kind == 3:
        fields = sized(note["file_name"].encode()) + sized(note["media_type"].encode())
        fields += sized(bytes.fromhex(note["bytes"]))
    else:
        fields = sized(note["text"].encode())
    return bytes([kind]) + fields


def read_note(data):
    reader = Reader(data)
    kind = reader.u8()
    require(kind in KINDS, "note")
    note = {"kind": KINDS[kind]}
    if kind == 2:
        count = reader.u32()
        require(count <= 200, "too long")
        note["answers"] = [[reader.sized(65536).decode(), reader.sized(65536).decode()] for _ in range(count)]
    elif kind == 3:
        note["file_name"] = reader.sized(255).decode()
        note["media_type"] = reader.sized(127).decode()
        note["bytes"] = reader.sized(7 << 20).hex()
    else:
        note["text"] = reader.sized(65536).decode()
    reader.finish()
    return note


def padme(length):
    exponent = length.bit_length() - 1
    significant = exponent.bit_length()
    step = 1 << (exponent - significant)
    return -(-length // step) * step


def pad(content):
    padded = struct.pack(">I", len(content)) + content
    return padded.ljust(padme(max(256, len(padded))), b"\0")


def unpad(padded):
    length = struct.unpack(">I", padded[:4])[0]
    content = padded[4 : 4 + length]
    require(len(content) == length and padded == pad(content), "padding")
    return content


def recipients_hash(recipients):
    listed = b"".join(bytes([kind]) + key_id for kind, key_id in recipients)
    return labelled_hash("envelope/recipients", bytes([len(recipients)]) + listed)


def seal_envelope(context, note, identity, recipients):
    """`recipients` are (kind, key id, public key); `context` is booking, organization, epoch, note, version."""
    recipients = sorted(recipients)
    booking, organization, epoch, note_id, version = context
    secret = os.urandom(32)
    header = b"HMen" + HEAD + booking + organization + struct.pack(">I", epoch) + note_id
    header += struct.pack(">I", version) + bytes([1]) + identity.keys.key_id() + identity.keys.sign
    header += derive("envelope/commitment", secret)
    assert len(header) == 160
    binding = header + recipients_hash([(kind, key_id) for kind, key_id, _ in recipients])
    envelope = header + bytes([len(recipients)])
    for kind, key_id, public in recipients:
        who = bytes([kind]) + key_id
        envelope += who + hpke_seal(public, label("envelope/recipient") + binding + who, secret)
    content = aead_seal(
        derive("envelope/content-key", secret), label("envelope/content") + binding, pad(write_note(note))
    )
    envelope += content[:24] + sized(content[24:])
    return envelope + sign("envelope/signature", identity.sign, envelope)


def open_envelope(envelope, expected, kind, key_id, private):
    """`expected` is (context, sender's key id, sender's signing key, recipients as (kind, key id))."""
    context, sender_id, sender, recipients = expected
    reader = Reader(envelope)
    reader.head(b"HMen")
    found = (reader.raw(16), reader.raw(16), reader.counter(), reader.raw(16), reader.counter())
    require(found == context, "another context")
    require((reader.u8(), reader.raw(32), reader.raw(32)) == (1, sender_id, sender), "another sender")
    commitment = reader.raw(32)
    header = reader.before()
    slots = [(reader.u8(), reader.raw(32), reader.raw(80)) for _ in range(reader.u8())]
    listed = [(slot_kind, slot_id) for slot_kind, slot_id, _ in slots]
    require(listed == sorted(recipients), "other recipients")
    nonce, ciphertext = reader.raw(24), reader.sized((7 << 20) + 16)
    verify("envelope/signature", sender, reader.before(), reader.raw(64))
    reader.finish()
    binding = header + recipients_hash(listed)
    sealed = next(sealed for slot_kind, slot_id, sealed in slots if (slot_kind, slot_id) == (kind, key_id))
    secret = hpke_open(private, label("envelope/recipient") + binding + bytes([kind]) + key_id, sealed)
    require(derive("envelope/commitment", secret) == commitment, "commitment")
    content_key = derive("envelope/content-key", secret)
    return read_note(unpad(aead_open(content_key, label("envelope/content") + binding, nonce, ciphertext)))
