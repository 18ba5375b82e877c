package ai.pediscreen.telemetry.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The precise forms that {@link PhiRule} promises, and their neighbours that are something else.
 */
class PhiRuleTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jane@example.com",
        "Jane.O'Neill+asq@mail.k12.ca.us",
        "<jane@example.com>, and",
        "\"jane doe\"@example.com",
        "mailto:jane@example.com?subject=x",
        "jane%40example.com",
        "jane\uff20example.com",
        "ja\u00adne@exam\u200bple.com",
        "jane@example.com--",
        "jane@163.com",
        "jos\u00e9@m\u00fcnchen.de",
        "jane@xn--mnchen-3ya.xn--p1ai",
        "flash@001 and jane@example.com"
      })
  void emailAddresses_areFound(String text) {
    assertThat(PhiGuard.find(text)).contains(PhiRule.EMAIL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gemini-2.5-flash@001",
        "claude@20240620",
        "package@1.2.3",
        "package@1.2.3-beta.rc",
        "@scope/package.json",
        "screen@sha256:0a1b",
        "jane@localhost",
        "jane @ example.com",
        "@",
        "a@.com",
        "a@b..com",
        "a@10.0.0.1"
      })
  void otherTextsWithAnAtSign_areLeft(String text) {
    assertThat(PhiGuard.find(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "415-555-2671",
        "(415) 555-2671",
        "(415)555-2671",
        "(415) 5552671",
        "415.555.2671",
        "415 555 2671",
        "415 - 555 - 2671",
        "415/555-2671",
        "1-415-555-2671",
        "1 (415) 555-2671",
        "001-415-555-2671",
        "+14155552671",
        "+1 415 555 2671",
        "+1.4155552671",
        "+(44) 20 7946 0958",
        "+44 (0)20 7946 0958",
        "+91-98765-43210",
        "0044 20 7946 0958",
        "tel:+442079460958",
        "415-555-2671x12",
        "call 415-555-2671 2 times",
        "2026-03-10 415-555-2671",
        "\u0664\u0661\u0665-\u0665\u0665\u0665-\u0662\u0666\u0667\u0661",
        "415\u2011555\u20112671",
        "415\u00a0555\u00a02671",
        "%2B14155552671",
        "call 4155552671 now",
        "call 14155552671 now",
        "phone: 555-1234",
        "Tel. 020 7946 0958",
        "her cell is 5551234",
        "\"mobile\":\"5551234\"",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 and 1 2 3 4 5 6 7 8 9 (415) 555-2671"
      })
  void telephoneNumbers_areFound(String text) {
    assertThat(PhiGuard.find(text)).contains(PhiRule.PHONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4155552671",
        "1773144000",
        "seconds 1773144000 passed",
        "1773144000123",
        "req-4155552671",
        "req-415-555-2671",
        "a 1415555267 b",
        "12345678-1234-1234-1234-123456789012",
        "415-555-2671-1",
        "1.415.555.26711",
        "512 256 1024 2048",
        "1 415 555 2671 3",
        "115-555-2671",
        "+12345.678901",
        "2+14155552671",
        "2026-03-10T12:00:00+05300000",
        "+00000000",
        "+1234567890123456",
        "mobile-20260310",
        "mobile 17.4.1",
        "phone 12",
        "100 -200 -3000",
        "192.168.100.1000",
        "10.0.0.1:5432"
      })
  void otherNumbers_areLeft(String text) {
    assertThat(PhiGuard.find(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "123-45-6789",
        "000-00-0000",
        "ssn 123-45-6789.",
        "123 45 6789",
        "123.45.6789",
        "123\u201345\u20136789",
        "SSN: 123456789",
        "social security number is 123456789",
        "last of SSN 6789"
      })
  void socialSecurityNumbers_areFound(String text) {
    assertThat(PhiGuard.find(text)).contains(PhiRule.SSN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "123456789",
        "123-456-789",
        "123-45-67890",
        "1-123-45-6789",
        "123-45-6789-0",
        "id-123-45-6789",
        "a123-45-6789",
        "900 45 6789",
        "666.45.6789",
        "12 123 45 6789",
        "123-45.6789"
      })
  void numbersThatAreNoSocialSecurityNumber_areLeft(String text) {
    assertThat(PhiGuard.find(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MRN: 0012345",
        "MRN 0012345",
        "MRN0012345",
        "mrn-0012345",
        "MRN#AB12345",
        "MRN: AB-12345",
        "Medical Record No. 12-34-56",
        "medical record number is 123456",
        "{\"patient_mrn\":\"123456\"}",
        "chart number 123456"
      })
  void medicalRecordNumbers_areFound(String text) {
    assertThat(PhiGuard.find(text)).contains(PhiRule.MRN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DOB: 2019-04-12",
        "dob=4/12/19",
        "DOB 12.04.2019",
        "Date of birth: April 12, 2019",
        "date of birth is 12 April 2019",
        "12, born 12th of April 2019",
        "born on 4/12/2019",
        "\"birthDate\": \"20190412\"",
        "patient_dob=2019-04-12"
      })
  void datesOfBirth_areFoundAfterALabel(String text) {
    assertThat(PhiGuard.find(text)).contains(PhiRule.BIRTH_DATE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2019-04-12",
        "born at 36 weeks",
        "born 3 weeks early",
        "dob is missing",
        "mrna 20190412",
        "MRN 12",
        "case 20190412"
      })
  void datesAndIdsWithoutALabel_areLeft(String text) {
    assertThat(PhiGuard.find(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "patient_name=jane",
        "Patient name: Jane Doe",
        "{\"firstName\": \"jane\"}",
        "{\\\"firstName\\\": \\\"jane\\\"}",
        "Child's name: Emma",
        "Child\u2019s name: Emma"
      })
  void namesAreFound_afterALabel(String text) {
    assertThat(PhiGuard.find(text)).contains(PhiRule.NAME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "patient_name: field required",
        "first_name=None",
        "name: Gemini",
        "model_name=Gemini",
        "first name",
        "Emma Smith",
        "address: 10.0.0.1 port 80",
        "address=0x7ffe"
      })
  void otherWords_areLeft(String text) {
    assertThat(PhiGuard.find(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"address: 12 Main Street", "home address=221B+Baker", "street: \"4 Elm\""})
  void addressesAreFound_afterALabel(String text) {
    assertThat(PhiGuard.find(text)).contains(PhiRule.ADDRESS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "email",
        "e-mail",
        "EmailAddress",
        "phone",
        "Phone_2",
        "mothers.phone",
        "fax",
        "ssn",
        "childSSN",
        "mrn",
        "patientId",
        "dob",
        "birth_date",
        "date-of-birth",
        "patientDOB",
        "first_name",
        "FirstName",
        "patient_name",
        "child_name",
        "guardianFullName",
        "address",
        "address_line_1",
        "home_address",
        "zip",
        "City"
      })
  void valuesUnderAPersonsKey_areRedacted(String key) {
    assertThat(redactedUnder(key, "x 5551234")).startsWith("[redacted:");
    assertThat(redactedUnder(key, List.of(Map.of("x", "x 5551234")))).contains("x=[redacted:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "model_name",
        "user_name",
        "ip_address",
        "mac_address",
        "email_sent",
        "phone_model",
        "birth_weight",
        "patient_age",
        "child_process",
        "parent_span_id",
        "state",
        "mrna"
      })
  void otherKeys_areLeft(String key) {
    assertThat(redactedUnder(key, "Main 4711")).isEqualTo("Main 4711");
  }

  @Test
  void numbersUnderAPersonsKey_areRedacted() {
    assertThat(redactedUnder("ssn", 123_456_789)).isEqualTo("[redacted:ssn]");
    assertThat(redactedUnder("phone", 5_551_234_567L)).isEqualTo("[redacted:phone]");
    assertThat(redactedUnder("dob", 20_190_412)).isEqualTo("[redacted:birth_date]");
    assertThat(redactedUnder("mrn", 7)).isEqualTo("[redacted:mrn]");
    assertThat(redactedUnder("zip", 2_139)).isEqualTo("[redacted:address]");
    assertThat(redactedUnder("phone", 12)).isEqualTo("12");
    assertThat(redactedUnder("mobile", "iOS 17")).isEqualTo("iOS 17");
    assertThat(redactedUnder("email", true)).isEqualTo("true");
    assertThat(redactedUnder("dob", " ")).isEqualTo(" ");
  }

  @Test
  @DisplayName("Under a key that names such a person name, first and the like are enough")
  void keyName_underAPerson_isAPersonsName() {
    assertThat(redactedUnder("child", Map.of("name", "Emma"))).isEqualTo("{name=[redacted:name]}");
    assertThat(redactedUnder("patient", List.of(Map.of("profile", Map.of("first", "Emma")))))
        .isEqualTo("[{profile={first=[redacted:name]}}]");
    assertThat(redactedUnder("patient", "Emma van Dyk")).isEqualTo("Emma van Dyk");
    assertThat(redactedUnder("patient", "Emma Smith")).isEqualTo("[redacted:name]");
    assertThat(redactedUnder("patient", "P-12 A")).isEqualTo("P-12 A");
    assertThat(redactedUnder("model", Map.of("name", "Emma"))).isEqualTo("{name=Emma}");
  }

  @ParameterizedTest
  @EnumSource(PhiRule.class)
  void markers_areNotFoundAgain(PhiRule rule) {
    assertThat(PhiGuard.find(rule.marker())).isEmpty();
    assertThat(rule.marker()).isEqualTo("[redacted:" + rule.label() + "]");
  }

  private static String redactedUnder(String key, Object value) {
    TelemetryEvent event =
        TelemetryEvent.fromMap(
            Map.of(
                "event_id",
                "e-1",
                "timestamp",
                "2026-03-10T12:00:00Z",
                "request",
                Map.of(key, value)));
    Map<?, ?> request = (Map<?, ?>) PhiGuard.redacting().apply(event).toMap().get("request");
    return String.valueOf(request == null ? null : request.get(key));
  }
}
