package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Does what docs/yaml.md says under "Your first route in five minutes", block by block, on the tests' stack: saves what is to be
 * saved, runs what is to be run, and holds what it says against what stands there.
 */
@ExtendWith(Stack.class)
@Tag("FR-012")
@Tag(Stack.BESIDE_ANOTHER)
class GuideIT {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern SAVED = Pattern.compile("`([^`\\s]+\\.(?:yaml|json))`");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void theFirstRouteTakesWhatTheGuideSays() throws Exception {
        String guide = Files.readString(DocumentsTest.ROOT.resolve("docs/yaml.md"));
        String steps = guide.substring(guide.indexOf("## Your first route"), guide.indexOf("## What to copy"));
        List<Block> blocks = blocks(steps);
        assertTrue(blocks.size() >= 10, () -> "the guide has only " + blocks.size() + " blocks");
        // By kind: "replace the file" means the one of before.
        Map<String, String> files = new HashMap<>();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            switch (block.kind) {
                case "yaml", "json" -> {
                    String file = block.file == null ? files.get(block.kind) : block.file;
                    files.put(block.kind, file);
                    int before = taken();
                    Files.writeString(Path.of(onTheStack(file)), block.text);
                    if (block.kind.equals("yaml")) {
                        Stack.await(file + " in force", PATIENCE, () -> taken() > before);
                    }
                }
                case "sh" -> {
                    boolean shown =
                            i + 1 < blocks.size() && blocks.get(i + 1).kind.isEmpty();
                    run(block.text, shown ? blocks.get(i + 1).text : null);
                }
                default -> {
                    // The output of a command, which was checked with the command.
                }
            }
        }
        assertEquals(false, Files.exists(Stack.DSL_YAML.resolve("routes/reminder/first.camel.yaml")));
    }

    private record Block(String kind, String text, String file) {}

    private static List<Block> blocks(String guide) {
        List<Block> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(guide);
        int end = 0;
        while (block.find()) {
            Matcher saved = SAVED.matcher(guide.substring(end, block.start()));
            blocks.add(new Block(block.group(1), block.group(2), saved.find() ? saved.group(1) : null));
            end = block.end();
        }
        return blocks;
    }

    /** Events take a moment: what a command shows is looked at again until it is what stands there. */
    private static void run(String command, String shown) throws Exception {
        if (shown == null) {
            Stack.shell(onTheStack(command)).mustSucceed();
            return;
        }
        Pattern expected =
                Pattern.compile("(?s).*" + Pattern.quote(shown.strip()).replace("…", "\\E.*?\\Q") + ".*");
        String[] last = {""};
        try {
            Stack.await("shown", PATIENCE, () -> {
                Stack.Result result = Stack.shell(onTheStack(command));
                last[0] = result.out() + result.err();
                return expected.matcher(last[0]).matches();
            });
        } catch (AssertionError e) {
            throw new AssertionError(command + "shows\n" + last[0] + "\nand not\n" + shown, e);
        }
    }

    private static int taken() throws Exception {
        return Files.readString(Stack.DATA.resolve("logs/reminder.log"))
                .split("first.camel.yaml is in force", -1)
                .length;
    }

    private static String onTheStack(String text) {
        return text.replace("localhost:8080", Stack.PAGE.substring("http://".length()))
                .replace("dsl-yaml/", Stack.DSL_YAML + "/")
                .replace(".local/", Stack.DATA + "/")
                .replace("event.json", Stack.DATA.resolveSibling("event.json").toString());
    }
}
