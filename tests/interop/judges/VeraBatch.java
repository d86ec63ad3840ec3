// Validates every file named on standard input against every flavour in the arguments, in one machine.
// Prints one line each: PASS|FAIL|ERROR <tab> flavour <tab> file <tab> the first failed rules.

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.util.LinkedHashSet;
import java.util.Set;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class VeraBatch {
    public static void main(String[] flavours) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader names = new BufferedReader(new InputStreamReader(System.in));
        for (String name = names.readLine(); name != null; name = names.readLine()) {
            for (String flavour : flavours) {
                System.out.println(judge(name, flavour));
            }
        }
    }

    private static String judge(String name, String flavour) {
        PDFAFlavour profile = PDFAFlavour.fromString(flavour);
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(name), profile)) {
            ValidationResult result = Foundries.defaultInstance().createValidator(profile, false).validate(parser);
            String verdict = result.isCompliant() ? "PASS" : "FAIL";
            return String.join("\t", verdict, flavour, name, failures(result));
        } catch (Exception error) {
            return String.join("\t", "ERROR", flavour, name, error.toString().replaceAll("\\s+", " "));
        }
    }

    private static String failures(ValidationResult result) {
        Set<String> failed = new LinkedHashSet<>();
        for (TestAssertion test : result.getTestAssertions()) {
            if (test.getStatus() == TestAssertion.Status.FAILED && failed.size() < 8) {
                failed.add(test.getRuleId().getClause() + "-" + test.getRuleId().getTestNumber() + " " + test.getMessage());
            }
        }
        return String.join("; ", failed).replaceAll("\\s+", " ");
    }
}
