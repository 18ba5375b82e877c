package ai.pediscreen.telemetry.server.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** As much SMTP as a sender without TLS needs. */
final class FakeMailServer implements AutoCloseable {

  private final ServerSocket socket;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final List<String> mails = new CopyOnWriteArrayList<>();
  private volatile boolean refusing;

  FakeMailServer() {
    try {
      socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::run, "mail-server");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  void refuse() {
    refusing = true;
  }

  /** What senders said, mails left out. */
  List<String> said() {
    return List.copyOf(said);
  }

  List<String> mails() {
    return List.copyOf(mails);
  }

  private void run() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        talk(client);
      } catch (IOException e) {
        // The sender has gone, or the test is over.
        said.add("(gone)");
      }
    }
  }

  private void talk(Socket client) throws IOException {
    var reader = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
    var writer = new OutputStreamWriter(client.getOutputStream(), UTF_8);
    answer(writer, "220 mail.example ready");
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      said.add(line);
      switch (line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT)) {
        case "RCPT" -> answer(writer, refusing ? "550 no such user" : "250 ok");
        case "DATA" -> {
          answer(writer, "354 go on");
          mails.add(mail(reader));
          answer(writer, "250 taken");
        }
        case "QUIT" -> answer(writer, "221 bye");
        default -> answer(writer, "250 ok");
      }
    }
  }

  private static String mail(BufferedReader reader) throws IOException {
    StringBuilder mail = new StringBuilder();
    String line = reader.readLine();
    while (line != null && !line.equals(".")) {
      mail.append(line).append('\n');
      line = reader.readLine();
    }
    return mail.toString();
  }

  private static void answer(Writer writer, String line) throws IOException {
    writer.write(line + "\r\n");
    writer.flush();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
