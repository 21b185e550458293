//! Socket.IO over WebSocket, by hand: just what a till and a screen need, and cheap.
//!
//! A screen's client must not cost more than the server beside it on the same two cores, so a message is looked at where
//! it was read: no copy, no UTF-8 check, no JSON, and no string made of each as a library does. Frames from a server are not masked; ours are, with a key of zeros, so that a payload is made once and
//! sent many times. A server unmasks them all the same.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::timeout;

/// Most that is read at once: many messages where a server has batched them.
const READ_BYTES: usize = 128 << 10;
/// Largest frame header.
const HEADER_BYTES_MAX: usize = 14;
/// How long a server may take over a handshake.
const PATIENCE: Duration = Duration::from_secs(10);

thread_local! {
    /// All connections of a thread are read into one place, so that it stays in the processor's cache.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES]);
}

/// A client's connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    /// What the kernel would not take yet.
    pending: Mutex<Vec<u8>>,
    /// Rung for each `order_sent`, for a till that waits for it.
    pub(crate) acked: Notify,
    /// A screen's wish was answered.
    pub(crate) is_subscribed: AtomicBool,
}

/// The beginning of a frame whose end has not come yet.
pub(crate) type Carry = Vec<u8>;

impl Connection {
    /// Connects to a Socket.IO server's main namespace.
    pub(crate) async fn open(server: SocketAddr) -> io::Result<(Self, Carry)> {
        let opening = timeout(PATIENCE, Self::handshake(server));
        opening
            .await
            .unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, "no Socket.IO handshake")))
    }

    async fn handshake(server: SocketAddr) -> io::Result<(Self, Carry)> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let (pending, acked, is_subscribed) = (Mutex::default(), Notify::new(), AtomicBool::default());
        let connection = Self { stream, pending, acked, is_subscribed };
        let request = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: T3V0bGV0SHViQmVuY2ghIQ==\r\n\r\n"
        );
        connection.send(request.as_bytes())?;
        let mut carry = connection.head().await?;
        // The server opens with `0{…}`, we ask for the main namespace, it agrees with `40{…}`.
        let mut is_connected = false;
        while !is_connected {
            let mut answers = Vec::new();
            let read = connection.read(&mut carry, |message| match message {
                [b'0', ..] => answers.push(&b"40"[..]),
                [b'4', b'0', ..] => is_connected = true,
                b"2" => answers.push(b"3"),
                _ => {}
            });
            read.await?;
            answers.iter().try_for_each(|answer| connection.send(&frame(answer)))?;
        }
        Ok((connection, carry))
    }

    /// Reads the HTTP answer; what came behind it is frames.
    async fn head(&self) -> io::Result<Carry> {
        let mut head = Vec::new();
        loop {
            self.stream.readable().await?;
            let mut bytes = [0; 2_048];
            match self.stream.try_read(&mut bytes) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => head.extend_from_slice(&bytes[..read]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                Err(error) => return Err(error),
            }
            if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
                if !head.starts_with(b"HTTP/1.1 101 ") {
                    return Err(io::Error::other(String::from_utf8_lossy(&head).into_owned()));
                }
                return Ok(head.split_off(end + 4));
            }
        }
    }

    /// Waits for bytes and hands over each whole message in them. Answers how many bytes came.
    pub(crate) async fn read(&self, carry: &mut Carry, mut each: impl FnMut(&[u8])) -> io::Result<usize> {
        if frame_at(carry).is_some() {
            // What came in one piece with a handshake.
            let rest = messages(carry, &mut each)?;
            carry.drain(..carry.len() - rest);
            return Ok(0);
        }
        loop {
            self.stream.readable().await?;
            let read = SCRATCH.with_borrow_mut(|scratch| {
                if scratch.len() < carry.len() + READ_BYTES / 2 {
                    scratch.resize(carry.len() + READ_BYTES, 0);
                }
                scratch[..carry.len()].copy_from_slice(carry);
                let read = self.stream.try_read(&mut scratch[carry.len()..])?;
                let filled = carry.len() + read;
                let rest = messages(&scratch[..filled], &mut each)?;
                carry.clear();
                carry.extend_from_slice(&scratch[filled - rest..filled]);
                Ok(read)
            });
            match read {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Err(error) if error_is_would_block(&error) => {}
                read => return read,
            }
        }
    }

    /// Sends bytes at once, or keeps what the kernel will not take until the next `send` or `flush`. Never waits: a till
    /// that waited would no longer send at its rate.
    pub(crate) fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.is_empty() {
            let written = self.take(bytes)?;
            pending.extend_from_slice(&bytes[written..]);
            return Ok(());
        }
        pending.extend_from_slice(bytes);
        self.drain(&mut pending)
    }

    /// Tries again what the kernel would not take.
    pub(crate) fn flush(&self) -> io::Result<()> {
        self.drain(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn drain(&self, pending: &mut Vec<u8>) -> io::Result<()> {
        if !pending.is_empty() {
            let written = self.take(pending)?;
            pending.drain(..written);
        }
        Ok(())
    }

    fn take(&self, bytes: &[u8]) -> io::Result<usize> {
        match self.stream.try_write(bytes) {
            Err(error) if error_is_would_block(&error) => Ok(0),
            written => written,
        }
    }
}

fn error_is_would_block(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

/// A text frame, masked with zeros.
pub(crate) fn frame(payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x81];
    match payload.len() {
        short @ 0..126 => frame.push(0x80 | short as u8),
        long => {
            frame.push(0x80 | 0x7e);
            frame.extend_from_slice(&u16::try_from(long).expect("an order is small").to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

/// Hands over each whole text message; answers how many bytes at the end belong to one that is not whole yet.
fn messages(bytes: &[u8], mut each: impl FnMut(&[u8])) -> io::Result<usize> {
    let mut left = bytes;
    while let Some((opcode, start, end)) = frame_at(left) {
        match opcode {
            1 => each(&left[start..end]),
            // Pings and pongs of WebSocket itself are not used by Engine.IO.
            9 | 10 => {}
            _ => return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the server has closed")),
        }
        left = &left[end..];
    }
    Ok(left.len())
}

/// The frame that some bytes begin with: its kind, and where its payload begins and ends. None where it is not whole.
fn frame_at(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let (start, length) = match second & 0x7f {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?) as usize),
        short => (2, usize::from(short)),
    };
    debug_assert!(start <= HEADER_BYTES_MAX);
    let end = start.checked_add(length)?;
    (bytes.len() >= end).then_some((first & 0x0f, start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_whole_wherever_the_bytes_are_cut() {
        let mut stream = vec![0x81, 3, b'o', b'n', b'e'];
        stream.extend_from_slice(&[0x81, 126, 1, 0]);
        stream.extend_from_slice(&[b'x'; 256]);
        stream.extend_from_slice(&[0x81, 1, b'2']);
        for cut in 0..=stream.len() {
            let mut lengths = Vec::new();
            let rest = messages(&stream[..cut], |message| lengths.push(message.len())).unwrap();
            messages(&stream[cut - rest..], |message| lengths.push(message.len())).unwrap();
            assert_eq!(lengths, [3, 256, 1], "cut at {cut}");
        }
    }

    #[test]
    fn a_close_ends_it() {
        assert!(messages(&[0x88, 0], |_| {}).is_err());
    }
}
