package dev.sandglass.task.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page keeps and lets go of: {@code app.js} as it is, with stand-ins for the server, the feed and the screen. */
@Tag("FR-005")
class PageTest {
    private static final Path PAGE = Path.of("src/main/resources/META-INF/resources");

    /** To be seen and told from outside: {@code page.state}, {@code page.act}, {@code feed}. */
    private static final String BROWSER = """
            globalThis.document = { getElementById: () => null };
            globalThis.addEventListener = () => {};
            globalThis.localStorage = { getItem: () => 'kept' };
            const me = { user: 'alice', timeZone: 'UTC', inbox: 'l1' };
            export const answers = {
              '/api/me': me,
              '/api/lists': { lists: [{ id: 'l1', name: 'Inbox', owner: 'alice', members: { alice: 'owner' }, seq: 0 }] },
            };
            """;

    private static final String SERVER = """
            import { answers } from './browser.js';
            export class Problem extends Error {}
            export const call = async (method, path) => method === 'POST' ? { ...page.state.tasks.get('l1.1'), status: 'completed', version: 2 } : answers[path] ?? {};
            export const tasks = async () => [];
            export const signedIn = () => true, signIn = () => {}, signOut = () => {}, query = () => '', id = (it) => it;
            """;

    private static final String TRY = """
            await import('./app.js');
            while (!globalThis.feed) await new Promise((done) => setTimeout(done, 5));
            const task = (n, part) => ({ id: `l1.${n}`, list: 'l1', title: `task ${n}`, status: 'open', version: 1, due: null, ...part });
            const told = () => page.state.toasts.filter((it) => it.kind === 'reminder').map((it) => it.head).join();
            const change = (event, of) => feed.change({ type: 'change', list: 'l1', seq: 1, event, task: of });
            for (const n of [1, 2, 3, 12]) {
              change('task.created', task(n));
              feed.reminder({ type: 'reminder', id: `l1.${n}.0123456789.1`, task: task(n), at: '2027-01-31T08:00:00Z', late: false });
            }
            const seen = [told()];
            await page.act.toggle(task(1));
            seen.push(told());
            change('task.completed', task(2, { status: 'completed', version: 2 }));
            seen.push(told());
            change('task.deleted', task(3, { version: 2 }));
            seen.push(told());
            console.log(seen.join(' | '));
            process.exit(0);
            """;

    @Test
    void aReminderGoesWithItsTaskWhoeverCompletesOrDeletesIt(@TempDir Path folder) throws Exception {
        assumeTrue(hasNode(), "no node on the path: what the page does is not tried");
        for (String file : new String[] {"app.js", "words.js"}) {
            Files.copy(PAGE.resolve(file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("package.json"), "{\"type\": \"module\"}");
        Files.writeString(folder.resolve("browser.js"), BROWSER);
        Files.writeString(folder.resolve("api.js"), SERVER);
        Files.writeString(folder.resolve("editor.js"), "export const changes = () => ({}), draftOf = changes;");
        Files.writeString(folder.resolve("dom.js"), "export const patch = () => {};");
        Files.writeString(
                folder.resolve("view.js"),
                "export const view = (state, act) => { globalThis.page = { state, act }; }, toasts = view;");
        Files.writeString(
                folder.resolve("live.js"),
                "export const connect = (tell) => { globalThis.feed = tell; return { saw() {}, close() {} }; };");
        Files.writeString(folder.resolve("try.js"), TRY);
        assertEquals(
                "task 1,task 2,task 3,task 12 | task 2,task 3,task 12 | task 3,task 12 | task 12",
                node(folder, "try.js").strip());
    }

    private static boolean hasNode() throws Exception {
        try {
            return node(Path.of("."), "--version").startsWith("v");
        } catch (IOException e) {
            return false;
        }
    }

    private static String node(Path folder, String argument) throws Exception {
        Process node = new ProcessBuilder("node", argument)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(node.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, node.waitFor(10, TimeUnit.SECONDS) ? node.exitValue() : -1, said);
        return said;
    }
}
