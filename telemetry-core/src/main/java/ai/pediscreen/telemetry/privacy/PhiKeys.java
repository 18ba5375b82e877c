package ai.pediscreen.telemetry.privacy;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What keys and labels say about the value that follows them. */
final class PhiKeys {

  /** Longer ones mean nothing to us. */
  private static final int MAX_LETTERS = 40;

  private static final int FILTER_BITS = 1 << 15;

  /** What a key says of its value. */
  enum Meaning {
    EMAIL(PhiRule.EMAIL),
    PHONE(PhiRule.PHONE),
    SSN(PhiRule.SSN),
    MRN(PhiRule.MRN),
    BIRTH_DATE(PhiRule.BIRTH_DATE),
    NAME(PhiRule.NAME),
    ADDRESS(PhiRule.ADDRESS),
    /** It is about a person, whose name may be called just {@code name}. */
    PERSON(null),
    USER_ID(null),
    CASE_ID(null);

    private final @Nullable PhiRule rule;

    Meaning(@Nullable PhiRule rule) {
      this.rule = rule;
    }

    @Nullable PhiRule rule() {
      return rule;
    }
  }

  private static final List<String> PERSONS =
      words(
          "patient child kid baby infant toddler newborn mother father mom mum dad parent guardian"
              + " caregiver caretaker sibling brother sister student pupil person contact"
              + " emergencycontact nextofkin physician doctor clinician");

  private static final List<String> PERSONS_TOGETHER =
      words("patients children kids babies parents guardians caregivers siblings contacts");

  private static final Map<Meaning, List<String>> ANYWHERE =
      Map.of(
          Meaning.EMAIL,
          words("email mail emailaddress mailaddress emailid useremail contactemail replyto"),
          Meaning.PHONE,
          words(
              "phone phonenumber phoneno tel telephone telephonenumber telephoneno mobile mobilephone"
                  + " mobilenumber mobileno cell cellphone cellnumber homephone workphone dayphone"
                  + " officephone fax faxnumber faxno contactnumber callbacknumber whatsapp msisdn"),
          Meaning.SSN,
          words(
              "ssn ssnumber socialsecurity socialsecuritynumber socialsecurityno socialsecuritynum"
                  + " socsec itin taxid taxpayerid"),
          Meaning.MRN,
          words(
              "mrn mrnumber medicalrecord medicalrecordnumber medicalrecordno medicalrecordnum"
                  + " medicalrecordid medrec medrecno medrecnumber patientid patientno patientnumber"
                  + " patientidentifier chartnumber chartno hospitalnumber hospitalno nhsnumber nhsno"),
          Meaning.BIRTH_DATE,
          words("dob dateofbirth birthdate birthday birthdt dateborn born bornon birthdatetime"),
          Meaning.NAME,
          words(
              "firstname lastname middlename fullname givenname familyname surname forename"
                  + " maidenname nickname preferredname legalname middleinitial fname lname"),
          Meaning.ADDRESS,
          words(
              "address addr addressline homeaddress streetaddress street streetname mailingaddress"
                  + " postaladdress residentialaddress residence zip zipcode postcode postalcode city"
                  + " county"),
          Meaning.USER_ID,
          words("userid"),
          Meaning.CASE_ID,
          words("caseid"));

  private static final Map<Meaning, List<String>> OF_PERSONS =
      Map.of(
          Meaning.NAME,
          words("name names first last middle given family initials"),
          Meaning.MRN,
          words("recordnumber recordno"));

  /** Words that may stand between a label and its number; months too. */
  private static final Set<String> FILLERS =
      Set.copyOf(
          words(
              "is was are no nr num number the of on at id jan january feb february mar"
                  + " march apr april may jun june jul july aug august sep sept september oct october"
                  + " nov november dec december"));

  /** Keys that a finding's path may show, beside those of the tables and the contract's. */
  private static final Set<String> COMMON =
      Set.copyOf(
          words(
              "answer body children choices comment comments content context data description details"
                  + " error errors headers history input inputs instructions item items label labels"
                  + " message messages meta metadata note notes output outputs parameters parts payload"
                  + " prompt properties query question questions reason result results role summary"
                  + " tags text title tool tools transcript url user value values"));

  private static final Map<String, Meaning> TABLE = new HashMap<>();
  private static final Map<String, Meaning> TABLE_OF_PERSONS = new HashMap<>();

  /** One bit for the hash of each key of the tables, so that other keys cost no memory. */
  private static final BitSet FILTER = new BitSet(FILTER_BITS);

  static {
    ANYWHERE.forEach((meaning, keys) -> keys.forEach(key -> TABLE.put(key, meaning)));
    OF_PERSONS.forEach((meaning, keys) -> keys.forEach(key -> TABLE_OF_PERSONS.put(key, meaning)));
    Map<String, Meaning> all = new HashMap<>(TABLE);
    all.putAll(TABLE_OF_PERSONS);
    all.values().removeAll(Set.of(Meaning.USER_ID, Meaning.CASE_ID));
    for (String person : PERSONS) {
      all.forEach(
          (key, meaning) -> {
            TABLE.putIfAbsent(person + key, meaning);
            TABLE.putIfAbsent(person + "s" + key, meaning);
          });
      TABLE.putIfAbsent(person, Meaning.PERSON);
    }
    PERSONS_TOGETHER.forEach(persons -> TABLE.put(persons, Meaning.PERSON));
    Set<String> keys = new HashSet<>(TABLE.keySet());
    keys.addAll(TABLE_OF_PERSONS.keySet());
    keys.forEach(key -> FILTER.set(bit(key.hashCode())));
  }

  private PhiKeys() {}

  /**
   * What a key means, or null.
   *
   * @param ofPerson whether it stands somewhere below a key that names a person
   */
  static @Nullable Meaning meaning(String key, boolean ofPerson) {
    return meaning(key, 0, key.length(), ofPerson);
  }

  /** What part of a text means, taken as a key. */
  static @Nullable Meaning meaning(String text, int from, int to, boolean ofPerson) {
    // The hash that String.hashCode would have for the letters alone.
    int hash = 0;
    int letters = 0;
    for (int i = from; i < to; i++) {
      int c = letter(text.charAt(i));
      if (c != 0) {
        hash = 31 * hash + c;
        letters++;
      }
    }
    if (letters > MAX_LETTERS || !FILTER.get(bit(hash))) {
      return null;
    }
    String key = letters(text, from, to);
    Meaning meaning = ofPerson ? TABLE_OF_PERSONS.get(key) : null;
    return meaning == null ? TABLE.get(key) : meaning;
  }

  /** Whether part of a text is a word that may stand between a label and its value. */
  static boolean isFiller(String text, int from, int to) {
    return to - from <= 9 && FILLERS.contains(letters(text, from, to));
  }

  /** A key as a path may show it: a word that any program might use, else a star. */
  static String shown(String key) {
    if (key.length() > MAX_LETTERS) {
      return "*";
    }
    if (COMMON.contains(key)) {
      return key;
    }
    if (meaning(key, true) == null) {
      return "*";
    }
    // Its letters mean something to us, but digits between them might be anybody's.
    return key.chars().allMatch(c -> letter((char) c) != 0 || c == '_') ? key : letters(key);
  }

  private static String letters(String key) {
    return letters(key, 0, key.length());
  }

  private static String letters(String text, int from, int to) {
    StringBuilder letters = new StringBuilder(to - from);
    for (int i = from; i < to; i++) {
      int c = letter(text.charAt(i));
      if (c != 0) {
        letters.append((char) c);
      }
    }
    return letters.toString();
  }

  /** The small letter; 0 for anything else, but other scripts as they are. */
  private static int letter(char c) {
    if (c >= 'a' && c <= 'z') {
      return c;
    }
    if (c >= 'A' && c <= 'Z') {
      return c + ('a' - 'A');
    }
    return c < 128 ? 0 : c;
  }

  private static int bit(int hash) {
    return (hash ^ hash >>> 15) & (FILTER_BITS - 1);
  }

  private static List<String> words(String words) {
    return List.of(words.split(" "));
  }
}
