package dev.sandglass.task.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data that the page keeps and drops: the real {@code app.js}, with stand-ins for the server, the feed and the screen. */
@Tag("FR-005")
class PageTest {
    private static final Path PAGE = Path.of("src/main/resources/META-INF/resources");

    private static final Pattern TO_MARKUP = Pattern.compile(
            "(inner|outer)HTML|insertAdjacentHTML|document\\.write|DOMParser|createContextualFragment|srcdoc|\\beval\\(|new Function|javascript:");

    /** To be seen and told from outside: {@code page.state}, {@code page.act}, {@code feed}. */
    private static final String BROWSER = """
            globalThis.document = { getElementById: () => null };
            globalThis.listeners = {};
            globalThis.addEventListener = (name, run) => { listeners[name] = run; };
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
            export const call = async (method, path, body, other) => method === 'POST' && !(path in answers) ? { ...page.state.tasks.get('l1.1'), status: 'completed', version: 2 } : answers[other ? `${path} with ${other}` : path] ?? {};
            export const tasks = async () => [];
            export const signedIn = () => true, signIn = () => {}, signOut = () => {}, keepToken = () => {}, takeToken = () => globalThis.hash, query = () => '', id = (it) => it;
            """;

    /** What all scripts that try the page begin with: it is there, and connected. */
    private static final String STARTED = """
            import { answers } from './browser.js';
            await import('./app.js');
            while (!globalThis.feed) await new Promise((done) => setTimeout(done, 5));
            """;

    private static final String TRY = """
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
            """;

    private static final String DELETE_TWICE = """
            const task = { id: 'l1.1', list: 'l1', title: 'task 1', status: 'open', version: 1, due: null };
            feed.change({ type: 'change', list: 'l1', seq: 1, event: 'task.created', task });
            await Promise.all([page.act.remove(task), page.act.remove(task)]);
            await page.act.remove(task);
            console.log(page.state.toasts.filter((it) => it.text.startsWith('Deleted')).length);
            """;

    private static final String ONE_UNDO = """
            const task = (n) => ({ id: `l1.${n}`, list: 'l1', title: `task ${n}`, status: 'open', version: 1, due: null });
            for (const n of [1, 2]) feed.change({ type: 'change', list: 'l1', seq: n, event: 'task.created', task: task(n) });
            await page.act.toggle(task(1));
            await page.act.remove(task(2));
            console.log(page.state.toasts.filter((it) => it.actions?.some(([label]) => label === 'Undo')).map((it) => it.text).join());
            """;

    private static final String OTHERS_LINK = """
            globalThis.hash = 'token of mallory';
            answers['/api/me with token of mallory'] = { user: 'mallory', timeZone: 'UTC', inbox: 'l2' };
            await listeners.hashchange();
            console.log(page.state.me.user, page.state.offer.user, page.state.offer.present);
            """;

    private static final String SIGNED_OUT_MEANWHILE = """
            let answer;
            answers['/api/lists'] = new Promise((done) => { answer = done; });
            const reading = feed.reload(null);
            page.act.signOut();
            answer({ lists: [{ id: 'l1', name: 'Inbox', owner: 'alice', members: { alice: 'owner' }, seq: 0 }] });
            await reading;
            await new Promise((done) => setTimeout(done, 5));
            console.log(page.state.me, page.state.lists.length);
            """;

    private static final String WRONG_CODE = """
            answers['/api/me'] = Promise.reject(Object.assign(new Error('no'), { errors: [{ detail: 'is not the code' }] }));
            await page.act.channel('email', { code: 'x' });
            const wrong = `${page.state.troubleAt} ${page.state.trouble}`;
            answers['/api/me'] = { ...page.state.me, channels: { email: { confirmed: true } } };
            await page.act.channel('email', { code: 'y' });
            console.log(wrong, '|', page.state.me.channels.email.confirmed, page.state.trouble, page.state.telling);
            """;

    private static final String SETTINGS = """
            const { settings } = await import('./settings.js');
            const asked = [];
            const act = { channel: (...it) => asked.push(JSON.stringify(it)), mute: () => {}, tell: () => {} };
            const channels = {
              email: { address: 'a@example.com', confirmed: true, for: ['overdue'] },
              webhook: { address: 'https://example.com', confirmed: false, for: [], reason: 'the server answered 410' },
            };
            const me = { timeZone: 'UTC', muted: ['l1'], quiet: null, channels };
            const seen = [];
            const boxes = [];
            const look = (it) => {
              if (!it.tag) { seen.push(it); return; }
              if (it.props.type === 'checkbox') boxes.push(it.props);
              it.children.forEach(look);
            };
            look(settings({ me, lists: [{ id: 'l1', name: 'Groceries' }], trouble: 'no', troubleAt: 'ntfy' }, act));
            boxes[3].onclick({ preventDefault() {} });
            const words = ['a@example.com', 'The code was not sent: the server answered 410.', 'Confirm', 'Add', 'no', 'Groceries'];
            console.log(boxes.map((it) => it.checked).join(), words.map((it) => seen.includes(it)).join(), asked.join());
            """;

    private static final String NAGGING = """
            const { nagWords } = await import('./words.js');
            const task = { id: 'l1.1', list: 'l1', title: 'pill', status: 'open', version: 1, due: null, nag: 'PT10M' };
            for (const n of [1, 2, 3]) feed.reminder({ type: 'reminder', id: `l1.1.0123456789.${n}`, task, at: '2027-01-31T08:00:00Z', late: false });
            const shown = page.state.toasts.filter((it) => it.kind === 'reminder');
            answers['/api/tasks/l1.1'] = { ...task, nag: null, version: 2 };
            await page.act.stopNagging(task);
            console.log(shown.map((it) => it.key).join(), shown[0].actions.map(([label]) => label).join(), page.state.tasks.get('l1.1').nag, nagWords('PT1H'));
            """;

    private static final String TYPED = """
            const due = (from, to) => ({ from, to, as: 'due', value: '2027-01-31' });
            const shown = () => page.state.typed.understood.map((it) => page.state.typed.message.slice(it.from, it.to)).join();
            const later = () => new Promise((done) => setTimeout(done, 250));
            const seen = [];
            let slow;
            answers['/api/chat/parse'] = new Promise((done) => { slow = done; });
            page.act.type('call mum friday');
            await later();
            answers['/api/chat/parse'] = { understood: [due(9, 17)], question: null };
            page.act.type('call mum tomorrow');
            await later();
            slow({ understood: [due(0, 15)], question: 'late' });
            await later();
            seen.push(shown(), page.state.typed.question);
            answers['/api/chat/parse'] = new Promise(() => {});
            page.act.type('call your mum tomorrow');
            seen.push(shown());
            page.act.type('call your mum tomorrows');
            seen.push(shown());
            page.act.type('call your mum tomorrow');
            page.state.typed.understood = [due(14, 22)];
            page.act.literal(page.state.typed.understood);
            page.act.type('please call your mum tomorrow');
            seen.push(shown(), JSON.stringify(page.state.typed.literal));
            page.act.type('');
            seen.push(page.state.typed.literal.length);
            console.log(seen.join(' | '));
            """;

    /** The feed by itself: time and the network are the test's. */
    private static final String DEAD_SOCKET = """
            let now = 0;
            Date.now = () => now;
            const timers = [];
            globalThis.setInterval = (run) => timers.push(run);
            globalThis.clearInterval = () => {};
            globalThis.setTimeout = () => 0;
            globalThis.addEventListener = globalThis.removeEventListener = () => {};
            const sockets = [];
            globalThis.WebSocket = class {
              static OPEN = 1;
              sent = []; readyState = 1;
              constructor() { sockets.push(this); }
              send(text) { this.sent.push(text); }
              close() { this.readyState = 2; }
            };
            const { connect } = await import('./live.js');
            const states = [];
            const feed = connect({ state: (it) => states.push(it) });
            await new Promise((done) => setImmediate(done));
            const pass = (seconds, answers) => {
              for (let i = 0; i < seconds; i++) {
                now += 1_000;
                const asked = sockets[0].sent.length;
                timers.forEach((run) => run());
                if (answers && sockets[0].sent.length > asked) sockets[0].onmessage({ data: '{"type":"pong"}' });
              }
            };
            pass(60, true);
            const alive = states.at(-1);
            let gone = 0;
            while (states.at(-1) !== 'away' && gone < 130) { pass(1, false); gone++; }
            console.log(alive, sockets[0].sent.every((it) => it === '{"type":"ping"}'), gone < 20, states.at(-1));
            process.exit(0);
            """;

    @Test
    void aReminderGoesWithItsTaskWhoeverCompletesOrDeletesIt(@TempDir Path folder) throws Exception {
        assertEquals(
                "task 1,task 2,task 3,task 12 | task 2,task 3,task 12 | task 3,task 12 | task 12", page(folder, TRY));
    }

    @Test
    void deletingTwiceIsSaidOnce(@TempDir Path folder) throws Exception {
        assertEquals("1", page(folder, DELETE_TWICE));
    }

    @Test
    void undoIsOfferedForTheLastChangeOnly(@TempDir Path folder) throws Exception {
        assertEquals("Deleted “task 2”.", page(folder, ONE_UNDO));
    }

    @Test
    void anotherAccountsLinkAsksFirst(@TempDir Path folder) throws Exception {
        assertEquals("alice mallory alice", page(folder, OTHERS_LINK));
    }

    @Test
    void whatIsWrongWithAChannelIsSaidWhereItWasTyped(@TempDir Path folder) throws Exception {
        assertEquals("email is not the code | true null false", page(folder, WRONG_CODE));
    }

    @Test
    void aChannelShowsWhatItIsForAndAsksForWhatIsMissing(@TempDir Path folder) throws Exception {
        assertEquals(
                "false,true,false,false true,true,true,true,true,true [\"email\",{\"for\":[\"overdue\",\"completed\"]}]",
                said(
                        folder,
                        SETTINGS,
                        "settings.js",
                        "editor.js",
                        "entry.js",
                        "typed.js",
                        "view.js",
                        "words.js",
                        "dom.js"));
    }

    @Test
    void whatComesAgainIsThereOnceAndCanBeStopped(@TempDir Path folder) throws Exception {
        assertEquals("l1.1.0123456789.3 Done,In 1 hour,Stop null again every hour until done", page(folder, NAGGING));
    }

    @Test
    void whatIsTypedIsMarkedByTheLastAnswerAndStaysSoWhileOtherWordsChange(@TempDir Path folder) throws Exception {
        assertEquals("tomorrow |  | tomorrow |  |  | [{\"from\":21,\"to\":29}] | 0", page(folder, TYPED));
    }

    @Test
    void whatWasUnderWayWhenSomebodySignedOutIsNotShown(@TempDir Path folder) throws Exception {
        assertEquals("null 0", page(folder, SIGNED_OUT_MEANWHILE));
    }

    @Test
    void aSocketThatIsNotAnsweredOnIsFoundWithin20Seconds(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("api.js"), "export const call = async () => ({ url: 'ws://localhost' });");
        assertEquals("connecting true true away", said(folder, DEAD_SOCKET, "live.js"));
    }

    /** The document of a browser as far as {@code dom.js} uses it. */
    private static final String MARKUP = """
            const made = [];
            class Node {
              childNodes = [];
              get firstChild() { return this.childNodes[0] ?? null; }
              get nextSibling() { return null; }
              insertBefore(node) { this.childNodes.push(node); }
              setAttribute(name, value) { made.push(`${this.tag} ${name}=${value}`); }
            }
            globalThis.document = {
              createElement: (tag) => { made.push(tag); return new Node(); },
              createTextNode: () => new Node(),
            };
            const { h, patch } = await import('./dom.js');
            const body = new Node();
            patch(body, [h('p', { title: '<script>' }, '<img src=x onerror=alert(1)>')]);
            console.log(made.join(', '), '|', body.firstChild.firstChild.data);
            """;

    @Test
    void markupInATextIsText(@TempDir Path folder) throws Exception {
        assertEquals("p, p title=<script> | <img src=x onerror=alert(1)>", said(folder, MARKUP, "dom.js"));
    }

    @Test
    void noFileOfThePageMakesMarkupOrCodeOfText() throws Exception {
        try (Stream<Path> files = Files.list(PAGE)) {
            List<Path> shown =
                    files.filter(it -> it.toString().matches(".*\\.(js|html)")).toList();
            assertFalse(shown.isEmpty());
            for (Path file : shown) {
                assertFalse(TO_MARKUP.matcher(Files.readString(file)).find(), file::toString);
            }
        }
    }

    /** The output of a script that tries the page. */
    private static String page(Path folder, String script) throws Exception {
        Files.writeString(folder.resolve("browser.js"), BROWSER);
        Files.writeString(folder.resolve("api.js"), SERVER);
        Files.writeString(
                folder.resolve("editor.js"),
                "export const changes = () => ({}), draftOf = changes, PUT_OFF = { PT1H: ['In 1 hour', 'in 1 hour'] };");
        Files.writeString(folder.resolve("dom.js"), "export const patch = () => {};");
        Files.writeString(
                folder.resolve("view.js"),
                "export const view = (state, act) => { globalThis.page = { state, act }; }, toasts = view;");
        Files.writeString(
                folder.resolve("live.js"),
                "export const connect = (tell) => { globalThis.feed = tell; return { saw() {}, close() {} }; };");
        return said(folder, STARTED + script + "process.exit(0);", "app.js", "typed.js", "words.js");
    }

    /**
     * The output of a script.
     *
     * @param files of the page that stand beside it as they are
     */
    private static String said(Path folder, String script, String... files) throws Exception {
        assumeTrue(hasNode(), "no node on the path: what the page does is not tried");
        for (String file : files) {
            Files.copy(PAGE.resolve(file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("package.json"), "{\"type\": \"module\"}");
        Files.writeString(folder.resolve("try.js"), script);
        return node(folder, "try.js").strip();
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
