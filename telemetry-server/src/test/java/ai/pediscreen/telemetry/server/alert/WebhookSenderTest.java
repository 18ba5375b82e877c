package ai.pediscreen.telemetry.server.alert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.alert.Alert;
import ai.pediscreen.telemetry.alert.AlertKind;
import ai.pediscreen.telemetry.alert.AlertMessage;
import ai.pediscreen.telemetry.alert.AlertSubject;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSenderTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AlertMessage MESSAGE = message("bad <model> & co", "6.5 % fallbacks");

  private final AlertReceiver receiver = new AlertReceiver();

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void message_arrivesSigned_withItsTime() throws Exception {
    send(settings(SECRET, WebhookSettings.Format.JSON, true), MESSAGE);

    AlertReceiver.Received got = receiver.taken().get(0);
    assertThat(got.path()).isEqualTo("/hook");
    assertThat(got.headers())
        .containsEntry("Content-Type", "application/json")
        .containsEntry("X-Telemetry-Id", MESSAGE.id().toString())
        .containsEntry("X-Telemetry-Timestamp", Long.toString(NOW.getEpochSecond()));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    mac.update((NOW.getEpochSecond() + ".").getBytes(UTF_8));
    assertThat(got.headers().get("X-Telemetry-Signature"))
        .isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal(got.body().getBytes(UTF_8))));
    assertThat(got.json().path("id").textValue()).isEqualTo(MESSAGE.id().toString());
    assertThat(got.json().path("event").textValue()).isEqualTo("opened");
    assertThat(got.json().path("kind").textValue()).isEqualTo("fallback_rate");
    assertThat(got.json().path("model_id").textValue()).isEqualTo("bad <model> & co");
    assertThat(got.json().path("value").doubleValue()).isEqualTo(6.5);
    assertThat(got.json().path("bound").doubleValue()).isEqualTo(5);
    assertThat(got.json().path("service").textValue()).isEqualTo("pedi-telemetry test");
  }

  @Test
  void message_isTheSameAtEachTry_andUnsignedWithoutASecret() throws Exception {
    WebhookSettings settings = settings(null, WebhookSettings.Format.JSON, true);
    send(settings, MESSAGE);
    send(settings, MESSAGE);
    assertThat(receiver.taken().get(1).body()).isEqualTo(receiver.taken().get(0).body());
    assertThat(receiver.taken().get(0).headers()).doesNotContainKey("X-Telemetry-Signature");
  }

  @Test
  void slack_rendersNamesAsPlainText() throws Exception {
    send(
        settings(null, WebhookSettings.Format.SLACK, true),
        message("<!channel>\n<https://evil|x> & co", "text"));
    assertThat(receiver.taken().get(0).json().path("text").textValue())
        .startsWith("*[pedi-telemetry test] Alert fallback_rate: &lt;!channel&gt;")
        .endsWith("*\ntext")
        .doesNotContain("<", "& ");
    assertThat(receiver.taken().get(0).json()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(value = AlertReceiver.Mood.class, names = "TAKES", mode = EnumSource.Mode.EXCLUDE)
  void webhookFails_withoutASuccessStatus(AlertReceiver.Mood mood) {
    receiver.is(mood);
    String reason =
        switch (mood) {
          case FAILS -> "the receiver answered 500";
          case REDIRECTS -> "the receiver answered 302";
          case HANGS -> "no answer within 3 s";
          default -> "the connection failed";
        };
    assertThatThrownBy(
            () ->
                send(
                    settings(SECRET, WebhookSettings.Format.JSON, true),
                    MESSAGE,
                    InetAddress::getAllByName,
                    mood == AlertReceiver.Mood.HANGS ? Duration.ofSeconds(3) : PATIENCE))
        .isInstanceOf(AlertNotSentException.class)
        .hasMessageStartingWith(reason);
    assertThat(receiver.received()).as("nothing is followed, nothing is tried twice").hasSize(1);
  }

  @Test
  void webhookFails_whenNothingListens() {
    int port = receiver.port();
    receiver.close();
    assertThatThrownBy(
            () ->
                send(
                    new WebhookSettings(
                        URI.create("http://127.0.0.1:" + port + "/secret-path"),
                        SECRET,
                        WebhookSettings.Format.JSON,
                        true),
                    MESSAGE))
        .hasMessage("cannot connect to the receiver");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "[::1]", "localhost", "[::ffff:127.0.0.1]", "2130706433"})
  void privateAddress_isRefused_unlessAllowed(String host) {
    WebhookSettings settings =
        new WebhookSettings(
            URI.create("http://" + host + ":" + receiver.port() + "/hook"),
            SECRET,
            WebhookSettings.Format.JSON,
            false);
    assertThatThrownBy(() -> send(settings, MESSAGE))
        .isInstanceOf(AlertNotSentException.class)
        .hasMessageContaining("ALERT_ALLOW_PRIVATE");
    assertThat(receiver.received()).isEmpty();
  }

  @Test
  void hostName_isRefused_whenOneOfItsAddressesIsPrivate() {
    WebhookSettings settings = named(false);
    assertThatThrownBy(
            () -> send(settings, MESSAGE, host -> addresses("93.184.215.14", "10.0.0.8"), PATIENCE))
        .hasMessageContaining("ALERT_ALLOW_PRIVATE");
    assertThat(receiver.received()).isEmpty();
  }

  @Test
  void checkedAddress_isTheOneConnectedTo() throws Exception {
    send(named(true), MESSAGE, host -> addresses("127.0.0.1"), PATIENCE);
    assertThat(receiver.taken().get(0).headers().get("Host"))
        .isEqualTo("receiver.invalid:" + receiver.port());
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "127.8.8.8",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.19.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "100::1",
    "2001:db8::1",
    "2002:a00:1::",
    "2001::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "ff02::1",
    "::7f00:1"
  })
  void privateAddress_isRecognised(String address) throws Exception {
    assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "192.167.1.1",
    "198.17.0.1",
    "223.255.255.254",
    "2606:4700:4700::1111",
    "2a00:1450::1"
  })
  void publicAddress_isRecognised(String address) throws Exception {
    assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isTrue();
  }

  private WebhookSettings settings(
      @Nullable String secret, WebhookSettings.Format format, boolean allowPrivate) {
    return new WebhookSettings(URI.create(receiver.url()), secret, format, allowPrivate);
  }

  private WebhookSettings named(boolean allowPrivate) {
    return new WebhookSettings(
        URI.create("http://receiver.invalid:" + receiver.port() + "/hook"),
        SECRET,
        WebhookSettings.Format.JSON,
        allowPrivate);
  }

  private static void send(WebhookSettings settings, AlertMessage message)
      throws AlertNotSentException {
    send(settings, message, InetAddress::getAllByName, PATIENCE);
  }

  private static void send(
      WebhookSettings settings,
      AlertMessage message,
      CheckedResolver.Lookup lookup,
      Duration timeout)
      throws AlertNotSentException {
    try (WebhookSender sender =
        new WebhookSender(
            settings, new AlertText("pedi-telemetry test"), lookup, () -> NOW, timeout)) {
      sender.send(message);
    }
  }

  private static InetAddress[] addresses(String... literals) throws UnknownHostException {
    InetAddress[] addresses = new InetAddress[literals.length];
    for (int i = 0; i < literals.length; i++) {
      addresses[i] = InetAddress.getByName(literals[i]);
    }
    return addresses;
  }

  private static AlertMessage message(String model, String text) {
    return new AlertMessage(
        UUID.randomUUID(),
        AlertMessage.Event.OPENED,
        new Alert(
            UUID.randomUUID(),
            AlertSubject.ofModel(AlertKind.FALLBACK_RATE, model),
            NOW,
            null,
            null,
            6.5,
            5.0,
            text,
            null),
        NOW);
  }
}
