using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Dashboard.Http;

namespace Pbt.Dashboard.Tests.Http;

public sealed class ServerTests
{
    [PageFact]
    public async Task The_page_comes_with_a_policy_that_lets_nothing_else_in()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await using var server = await study.ServeAsync();
        using var client = new HttpClient();
        using var page = await client.GetAsync(server.Address);

        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(server.Address.Host)));
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        foreach (var file in (string[])["page.js", "page.css"])
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(server.Address, file))).StatusCode);
    }

    [PageFact]
    public async Task The_stream_begins_with_everything_and_goes_on_with_what_is_new()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await study.RunRoundsAsync(3);
        await using var server = await study.ServeAsync();
        await using var stream = await PageStream.OpenAsync(server, "0@0.0");

        var first = await stream.NextAsync("change");
        Assert.Equal((0, 12), ((int)first["change"]!["after"]!, (int)first["change"]!["intervals"]!["count"]!));
        Assert.Equal("learning_rate", (string?)first["change"]!["spec"]!["space"]![0]!["name"]);

        await study.CompleteAsync(await study.ClaimAsync(), score: 1234.5);
        var next = await stream.UntilAsync("change", static change => (int)change["change"]!["intervals"]!["count"]! > 0);
        Assert.Equal(1234.5, (double)next["change"]!["intervals"]!["score"]![0]!);
        Assert.Null(next["change"]!["spec"]);
        var summary = await stream.UntilAsync("summary", static summary => (double?)summary["studies"]![0]!["best"]?["score"] == 1234.5);
        Assert.Equal(13, (int)summary["studies"]![0]!["completed"]!);
    }

    [PageFact]
    public async Task A_page_that_comes_back_gets_only_what_it_missed()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await study.RunRoundsAsync(2);
        await using var server = await study.ServeAsync();
        JsonNode known;
        await using (var stream = await PageStream.OpenAsync(server, "0@0.0"))
            known = await stream.NextAsync("change");

        await study.CompleteAsync(await study.ClaimAsync(), score: 7);
        var cursor = string.Create(CultureInfo.InvariantCulture, $"0@{(int)known["generation"]!}.{(long)known["change"]!["version"]!}");
        await using var again = await PageStream.OpenAsync(server, cursor);
        var missed = await again.UntilAsync("change", static change => (int)change["change"]!["intervals"]!["count"]! > 0);
        Assert.Equal(8, (int)missed["change"]!["intervals"]!["first"]!);

        // A version that this log does not have is of another log: everything is sent.
        await using var strange = await PageStream.OpenAsync(server, "0@1.999999");
        Assert.Equal(0, (int)(await strange.NextAsync("change"))["change"]!["after"]!);
    }

    [PageFact]
    public async Task Pause_resume_and_stop_take_the_token_and_say_what_came_of_it()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await using var server = await study.ServeAsync();
        using var client = new HttpClient { BaseAddress = server.Address };

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(client, "pause", token: null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(client, "pause", AccessToken.Create().Text)).Status);
        Assert.Equal(StudyPhase.Created, (await study.Store.LoadAsync()).Phase);

        var (status, text) = await PostAsync(client, "pause", server.Token.Text);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("is paused: no new attempts start", text, StringComparison.Ordinal);
        Assert.Equal(StudyPhase.Paused, (await study.Store.LoadAsync()).Phase);

        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(client, "pause", server.Token.Text)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(client, "resume", server.Token.Text)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(client, "stop", server.Token.Text)).Status);
        Assert.Equal(StudyPhase.Stopped, (await study.Store.LoadAsync()).Phase);
    }

    [PageFact]
    public async Task Stop_does_what_the_host_wants_done_and_says_what_came_of_it()
    {
        var done = new List<string>();
        foreach (var (answer, expected) in ((Func<Task<string?>>, string)[])
        [
            (static () => Task.FromResult<string?>("2 jobs cancelled"), "lets it go on. 2 jobs cancelled"),
            (static () => throw new InvalidRequestException("its jobs could not be taken away"), "lets it go on. its jobs could not be taken away"),
            (static () => Task.FromResult<string?>(null), "lets it go on\""),
        ])
        {
            await using var study = await DrivenStudy.CreateAsync();
            var watched = study.Watched with
            {
                OnStopped = _ =>
                {
                    done.Add(expected);
                    return answer();
                },
            };
            await using var server = await DashboardServer.StartAsync([watched], new DashboardOptions(IPAddress.Loopback, Port: 0), TimeProvider.System, CancellationToken.None);
            using var client = new HttpClient { BaseAddress = server.Address };

            await PostAsync(client, "pause", server.Token.Text);
            var (status, text) = await PostAsync(client, "stop", server.Token.Text);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Contains(expected, text, StringComparison.Ordinal);
            Assert.Equal(StudyPhase.Stopped, (await study.Store.LoadAsync()).Phase);
            Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(client, "stop", server.Token.Text)).Status);
        }

        Assert.Equal(3, done.Count);
    }

    [PageFact]
    public async Task Requests_under_other_names_and_from_other_sites_are_refused()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await using var server = await study.ServeAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        async Task<HttpStatusCode> SendAsync(string header, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/access");
            request.Headers.TryAddWithoutValidation(header, value);
            return (await client.SendAsync(request)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await SendAsync("Accept", "*/*"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync("Host", "rebound.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync("Origin", "http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync("Sec-Fetch-Site", "cross-site"));
    }

    [PageFact]
    public async Task No_path_leads_to_a_file()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await using var server = await study.ServeAsync();
        using var client = new HttpClient();
        string[] paths =
        [
            "api/studies/0/members/..%2f..%2fjournal.jsonl", "api/studies/0/members/0x1", "api/studies/0/members/99", "api/studies/9/members/0", "api/studies/-1/members/0",
            "api/studies/0/members/0?interval=..%2f&attempt=1", "api/studies/0/members/0?interval=1&attempt=-1", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "page.js/../../index.html%00", "journal.jsonl",
        ];
        foreach (var path in paths)
        {
            using var answer = await client.GetAsync(new Uri(server.Address + path));
            Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{path}: {answer.StatusCode}");
        }
    }

    [PageFact]
    public async Task A_members_log_is_shown_unless_it_is_no_file_of_its_own()
    {
        await using var study = await DrivenStudy.CreateAsync();
        var assignment = await study.ClaimAsync();
        var log = study.WriteLog(assignment, "epoch 1\n\u001b[31mepoch 2\n");
        await study.CompleteAsync(assignment, 1);
        await using var server = await study.ServeAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        async Task<JsonNode> MemberAsync() => JsonNode.Parse(await client.GetStringAsync($"api/studies/0/members/{assignment.Member.Value}"))!;

        await using (var stream = await PageStream.OpenAsync(server, "0@0.0"))
            await stream.NextAsync("change");

        var member = await MemberAsync();
        Assert.Equal("epoch 1\n[31mepoch 2\n", (string?)member["log"]!["tail"]);
        Assert.Equal(["<img", "loss"], member["metrics"]!.AsArray().Select(static metric => ((string?)metric!["name"])![..4]));

        File.Delete(log);
        File.CreateSymbolicLink(log, study.Directory.Journal);
        Assert.Equal(string.Empty, (string?)(await MemberAsync())["log"]!["tail"]);
    }

    [PageFact]
    public async Task Readers_do_not_keep_writers_waiting_and_an_end_ends_every_stream()
    {
        await using var study = await DrivenStudy.CreateAsync();
        var server = await study.ServeAsync();
        var streams = new List<PageStream>();
        for (var i = 0; i < 8; i++)
            streams.Add(await PageStream.OpenAsync(server, "0@0.0"));

        await study.RunRoundsAsync(10);
        foreach (var stream in streams)
            await stream.UntilAsync("summary", static summary => (int)summary["studies"]![0]!["completed"]! == 40);

        var clock = Stopwatch.StartNew();
        await server.DisposeAsync();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"the end took {clock.Elapsed}");
        foreach (var stream in streams)
            await stream.DisposeAsync();
    }

    private static async Task<(HttpStatusCode Status, string Text)> PostAsync(HttpClient client, string action, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/studies/0/{action}");
        if (token is not null)
            request.Headers.Add(AccessToken.Header, token);

        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
