package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The workflows are well-formed, can do no more than they need, and run nothing that may change behind their back. */
class WorkflowsTest {
    private static final Path FOLDER = DocumentsTest.ROOT.resolve(".github/workflows");
    private static final String ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
    private static final Pattern USES = Pattern.compile("(?m)^\\s*(?:- )?uses: *(.*)$");
    /** Runs what was fetched, or what this repository holds. */
    private static final Pattern BUILDS = Pattern.compile(
            "\\bmvn\\b|\\bgo (run|install|build)\\b|(?m:^|\\s)(\\.|\\.ci|\\.github|helm)/\\w+(?!\\S*\\.yaml)");

    private static final Pattern PINNED = Pattern.compile("[\\w.-]+/[\\w./-]+@[0-9a-f]{40} # v[0-9.]+");

    @Test
    void everyActionIsPinnedByItsHashWithItsVersionBeside() throws IOException {
        int pinned = 0;
        for (Path workflow : workflows()) {
            Matcher uses = USES.matcher(Files.readString(workflow));
            while (uses.find()) {
                assertTrue(
                        PINNED.matcher(uses.group(1).strip()).matches(),
                        () -> workflow.getFileName() + ": " + uses.group(1));
                pinned++;
            }
        }
        assertTrue(pinned > 10, "actions found: " + pinned);
    }

    @Test
    void aRunMayReadAndWhatMayDoMoreSaysSoJobByJob() throws IOException {
        for (Path workflow : workflows()) {
            JsonNode file = new YAMLMapper().readTree(Files.readString(workflow));
            assertEquals(
                    "{\"contents\":\"read\"}",
                    file.path("permissions").toString(),
                    workflow.getFileName().toString());
            for (JsonNode job : file.path("jobs")) {
                assertTrue(job.has("timeout-minutes"), workflow + ": a job without an end");
                assertFalse(job.path("permissions").path("contents").asText().equals("write"), workflow::toString);
            }
        }
    }

    @Test
    void whatBuildsCanPushAndSignNothing() throws IOException {
        int build = 0;
        for (Path workflow : workflows()) {
            JsonNode file = new YAMLMapper().readTree(Files.readString(workflow));
            for (JsonNode job : file.path("jobs")) {
                if (job.findValuesAsText("run").stream()
                        .anyMatch(run -> BUILDS.matcher(run).find())) {
                    JsonNode may = job.has("permissions") ? job.path("permissions") : file.path("permissions");
                    assertEquals("{\"contents\":\"read\"}", may.toString(), () -> workflow + ": " + job);
                    build++;
                }
            }
        }
        assertTrue(build > 4, "jobs that build: " + build);
    }

    /** Any process of the machine can read another's arguments; printf is none. */
    @Test
    void noSecretIsAnArgument() throws IOException {
        for (Path workflow : workflows()) {
            for (JsonNode step : new YAMLMapper()
                    .readTree(Files.readString(workflow)).findValues("steps").stream()
                            .flatMap(steps -> StreamSupport.stream(steps.spliterator(), false))
                            .toList()) {
                String run = step.path("run").asText();
                List<String> secret = new ArrayList<>(List.of("token"));
                step.path("env").properties().stream()
                        .filter(variable -> variable.getValue().asText().contains("secrets."))
                        .forEach(variable -> secret.add(variable.getKey()));
                for (String name : secret) {
                    String left = run.replace("printf %s \"$" + name + "\"", "")
                            .replace("echo \"::add-mask::$" + name + "\"", "");
                    assertFalse(left.contains("$" + name) || left.contains("${" + name), () -> workflow + ": " + run);
                }
            }
        }
    }

    @Test
    void noSecretGetsIntoACommandWhereALogWouldShowIt() throws IOException {
        for (Path workflow : workflows()) {
            JsonNode file = new YAMLMapper().readTree(Files.readString(workflow));
            for (JsonNode job : file.path("jobs")) {
                for (JsonNode step : job.path("steps")) {
                    String run = step.path("run").asText();
                    assertFalse(run.contains("secrets."), () -> workflow.getFileName() + ": " + run);
                    assertFalse(run.contains("${{"), () -> workflow.getFileName() + ": by a variable, please: " + run);
                    assertFalse(run.contains("set -x"), () -> workflow.getFileName() + ": " + run);
                }
            }
        }
    }

    @Test
    void actionlintFindsNothing() throws Exception {
        List<String> command = new ArrayList<>(List.of("go", "run", ACTIONLINT, "-no-color"));
        workflows().forEach(workflow -> command.add(workflow.toString()));
        Path said = Files.createTempFile("actionlint", ".txt");
        try {
            Process process;
            try {
                process = new ProcessBuilder(command)
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
            } catch (IOException e) {
                leftOut("there is no Go");
                return;
            }
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                leftOut("it was not ready in five minutes");
            }
            String text = Files.readString(said);
            if (process.exitValue() != 0 && !text.contains(".yml:")) {
                leftOut(text.strip());
            }
            assertEquals(0, process.exitValue(), text);
        } finally {
            Files.delete(said);
        }
    }

    private static void leftOut(String why) {
        String message = "Left out: actionlint, " + why;
        assertFalse("true".equals(System.getenv("CI")), message);
        System.out.println(message);
        abort(message);
    }

    private static List<Path> workflows() throws IOException {
        List<Path> workflows = DocumentsTest.files(FOLDER, ".yml");
        assertFalse(workflows.isEmpty());
        return workflows;
    }
}
