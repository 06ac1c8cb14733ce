package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** GreenMail, a mail server in a process of its own: it takes mail by SMTP and gives it out by POP3. */
final class MailServer implements AutoCloseable {
    private final Process process;
    private final int pop3 = Ports.free();

    /** @param smtp the port */
    MailServer(int smtp) throws Exception {
        process = new ProcessBuilder(
                        Host.java(),
                        "-Xmx64m",
                        "-Dgreenmail.smtp.hostname=127.0.0.1",
                        "-Dgreenmail.smtp.port=" + smtp,
                        "-Dgreenmail.pop3.hostname=127.0.0.1",
                        "-Dgreenmail.pop3.port=" + pop3,
                        "-Dgreenmail.api.hostname=127.0.0.1",
                        "-Dgreenmail.api.port=" + Ports.free(),
                        "-jar",
                        Stack.DATA.resolveSibling("mail/mail-server.jar").toString())
                .redirectErrorStream(true)
                .redirectOutput(
                        Stack.DATA.resolveSibling("mail/mail-server.log").toFile())
                .start();
        Stack.await("the mail server", Duration.ofSeconds(30), () -> {
            try (Socket smtpSocket = new Socket("127.0.0.1", smtp);
                    Socket pop3Socket = new Socket("127.0.0.1", pop3)) {
                return smtpSocket.isConnected() && pop3Socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** The first message of somebody, empty where there is none. */
    String of(String user) throws IOException {
        List<String> all = all(user);
        return all.isEmpty() ? "" : all.get(0);
    }

    /** All messages of somebody. Users are made by mail to them, their password their address. */
    List<String> all(String user) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", pop3);
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
            in.readLine();
            List<String> all = new ArrayList<>();
            for (String command : List.of("USER " + user, "PASS " + user)) {
                if (!says(socket, in, command)) {
                    return all;
                }
            }
            while (says(socket, in, "RETR " + (all.size() + 1))) {
                StringBuilder message = new StringBuilder();
                for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                    message.append(line).append('\n');
                }
                all.add(message.toString());
            }
            return all;
        }
    }

    private static boolean says(Socket socket, BufferedReader in, String command) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(UTF_8));
        return String.valueOf(in.readLine()).startsWith("+OK");
    }

    @Override
    public void close() {
        process.destroy();
    }
}
