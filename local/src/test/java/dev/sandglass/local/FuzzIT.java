package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A program that knows nothing but {@code openapi.json} (schemathesis) calls every operation, with what the document allows and what it
 * does not, and holds every answer against it. The same calls each time; {@code -Dsandglass.fuzz.seed=…} for others,
 * {@code -Dsandglass.fuzz.examples=…} for more of each operation.
 */
@ExtendWith(Stack.class)
@Tag("FR-012")
@Tag(Stack.BESIDE_ANOTHER)
class FuzzIT {
    private static final String SEED = System.getProperty("sandglass.fuzz.seed", "1");
    private static final String EXAMPLES = System.getProperty("sandglass.fuzz.examples", "5");
    private static final long MINUTES = 10;

    @Test
    void everyAnswerIsAsTheDocumentHasIt() throws Exception {
        ForeignProgram.isNeeded(getClass(), "pip install schemathesis", "schemathesis", "--version");
        ProcessBuilder program = new ProcessBuilder(List.of(
                "schemathesis",
                "run",
                Stack.PAGE + "/api/openapi.json",
                "--header",
                "Authorization: Bearer "
                        + Api.as("fuzz", Stack.PAGE, "operator").token(),
                "--phases=examples,coverage,fuzzing",
                // Input that fits the schema may be wrong: another user's list, an old tag, an invented cursor.
                "--exclude-checks=positive_data_acceptance",
                "--max-examples=" + EXAMPLES,
                "--seed=" + SEED,
                "--suppress-health-check=all",
                "--request-timeout=10",
                "--no-color",
                "--warnings=off"));
        program.environment().put("SCHEMATHESIS_HOOKS", "fuzz_hooks");
        program.environment()
                .put(
                        "PYTHONPATH",
                        Path.of("src/test/resources").toAbsolutePath().toString());
        ForeignProgram.Ended ended = ForeignProgram.run(Path.of("target/fuzz.txt"), MINUTES, program);
        String report = ended.said();
        System.out.println(report.substring(Math.max(0, report.lastIndexOf("= SUMMARY =") - 40)));
        assertEquals(0, ended.status(), report);
        assertTrue(report.contains("Seed: " + SEED), report);
    }
}
