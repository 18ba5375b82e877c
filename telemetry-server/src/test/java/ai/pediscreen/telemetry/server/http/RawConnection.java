package ai.pediscreen.telemetry.server.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Says to a server what no HTTP client would. */
public final class RawConnection implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 20_000;
  private static final int AT_ONCE_MILLIS = 500;

  private final Socket socket;
  private final InputStream in;

  public RawConnection(URI server) throws IOException {
    socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Each character is sent as one byte. */
  public void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** All that comes until the server closes the connection. */
  public String receiveAll() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The next status line with the fields of its head. */
  public String receiveHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException(head.toString());
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** Whether the server says anything at once, though the request is not at its end. */
  public boolean answersAtOnce() throws IOException {
    socket.setSoTimeout(AT_ONCE_MILLIS);
    in.mark(1);
    try {
      return in.read() >= 0;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      in.reset();
      socket.setSoTimeout(TIMEOUT_MILLIS);
    }
  }

  /** What the server answers to a request after which it closes the connection. */
  public static String exchange(URI server, String request) throws IOException {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(request);
      return connection.receiveAll();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
