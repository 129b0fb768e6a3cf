using Pbt.EndToEnd.Tests.Harness;
using Pbt.Testing;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary>Studies whose checkpoints are in a bucket of a real S3-compatible server.</summary>
public sealed class S3Tests : IAsyncLifetime
{
    private S3Server? _server;
    private string _bucket = string.Empty;

    private S3Server Server => _server!;

    public async Task InitializeAsync()
    {
        if (S3Server.Missing is not null)
            return;

        _server = await S3Server.StartNewAsync();
        _bucket = await _server.CreateBucketAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [S3AndPostgresFact]
    public async Task Workers_without_a_common_disk_do_what_one_does_in_its_directory_though_a_machine_is_lost()
    {
        using var plain = Create();
        (await plain.RunAsync(slots: 2)).Expect(0);
        var expected = await DigestAsync(plain);

        await using var database = await PostgresServer.StartNewAsync();
        var address = await database.CreateDatabaseAsync("demo");
        using var first = InBucket(Create());
        using var second = InBucket(new Study());
        await using var run = first.StartRun(slots: 1, "--store", address);
        await CompletedAsync(database, address, atLeast: 3, first);
        await using var worker = second.Start("worker", second.Dir, "--store", address, "--slots", "1");
        await Eventually.HoldsAsync("both machines have published", () => Caches(first) && Caches(second), () => first.Describe() + second.Describe() + worker.Printed);
        await CompletedAsync(database, address, atLeast: 9, second);

        foreach (var process in first.Processes())
            Signals.Send(process.Pid, Signal.Kill);

        await run.EndAsync(first.Describe);
        Directory.Delete(first.Dir, recursive: true);
        (await worker.EndAsync(second.Describe, seconds: 180)).Expect(0);

        Assert.Equal(expected, await DigestAsync(second));
        (await second.PbtAsync("verify", second.Dir)).Expect(0).Saying("0 differ");
        var events = await database.QueryAsync("SELECT string_agg(type || ' ' || data, E'\n' ORDER BY version) FROM pbt.events", address.Split('/', '?')[3]);
        Assert.True(InheritedAcross(events), events);
        Assert.DoesNotContain(S3Server.SecretKey, events, StringComparison.Ordinal);
    }

    [S3Fact]
    public async Task A_study_in_a_directory_keeps_its_checkpoints_in_a_bucket_and_every_command_finds_them()
    {
        using var study = InBucket(Create());
        File.AppendAllText(study.SpecPath, "  every: 2\n");
        (await study.RunAsync(slots: 2)).Expect(0);

        (await study.PbtAsync("best", study.Dir, "--copy-to", study.At("best"))).Expect(0).Saying($"s3://{_bucket}/runs/demo-");
        Assert.True(File.Exists(study.At("best/state")));
        (await study.PbtAsync("best", study.Dir, "--copy-to", study.At("best"))).Expect(2).Saying("not empty");
        (await study.PbtAsync("verify", study.Dir)).Expect(0).Saying("0 differ");
        (await study.PbtAsync("gc", study.Dir)).Expect(0).Saying("deleted 0 checkpoints");

        (await study.PbtAsync("fork", study.Dir, "--at", "2", "--dir", study.At("fork"))).Expect(0);
        (await study.PbtAsync("run", study.At("fork/study.yaml"), "--dir", study.At("fork"))).Expect(0);
        (await study.PbtAsync("verify", study.At("fork"))).Expect(0).Saying("0 differ");
        (await study.PbtAsync("replay", study.Dir, "--dir", study.At("replay"))).Expect(0);
        (await study.PbtAsync("copy", study.Dir, study.At("copy"))).Expect(0).Saying("stay in s3://");
        (await study.PbtAsync("verify", study.At("copy"))).Expect(0).Saying("0 differ");

        study.Replace($"s3://{_bucket}/runs", $"s3://{_bucket}/elsewhere");
        (await study.RunAsync(slots: 2)).Expect(2).Saying("checkpoints.store").Saying("would not be found");
    }

    [S3Fact]
    public async Task Checkpoints_deleted_behind_the_studys_back_are_reported_and_their_members_recover()
    {
        using var study = InBucket(Create());
        (await study.RunAsync(slots: 2)).Expect(0);
        var start = (await study.StatusAsync()).GetProperty("members")[0].GetProperty("checkpoint").GetString()!;
        var lost = (await Server.KeysAsync(_bucket)).Where(key => $"s3://{_bucket}/{key}".StartsWith(start + "/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lost);
        foreach (var key in lost)
            await Server.Client.DeleteObjectAsync(_bucket, key);

        Directory.Delete(Path.Combine(study.Dir, "checkpoints"), recursive: true);
        (await study.PbtAsync("verify", study.Dir)).Expect(4).Saying("missing");
        study.Replace("budget: { intervals: 5 }", "budget: { intervals: 6 }");

        (await study.RunAsync(slots: 2)).Expect(0);

        Assert.NotEqual(0, study.Count("checkpoint_damaged"));
        Assert.NotEqual(0, study.Count("member_recovered"));
    }

    [S3Fact]
    public async Task Credentials_are_nowhere_and_what_cannot_be_used_is_refused_before_anything_is_made()
    {
        using var study = InBucket(Create());
        Assert.DoesNotContain(S3Server.SecretKey, (await study.RunAsync(slots: 2)).Expect(0).All, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(study.Dir, "*", SearchOption.AllDirectories), static file => Assert.DoesNotContain(S3Server.SecretKey, File.ReadAllText(file), StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.GetFiles(study.Dir, "*", SearchOption.AllDirectories), static file => File.ReadAllText(file).Contains(S3Server.AccessKey, StringComparison.Ordinal));

        using var denied = InBucket(Create()).With("AWS_ACCESS_KEY_ID", S3Server.GuestAccessKey).With("AWS_SECRET_ACCESS_KEY", S3Server.GuestSecretKey);
        Assert.DoesNotContain(S3Server.GuestSecretKey, (await denied.RunAsync(slots: 2)).Expect(2).Saying("access is denied").All, StringComparison.Ordinal);
        using var unknown = InBucket(Create()).With("AWS_ACCESS_KEY_ID", "nobody").With("AWS_SECRET_ACCESS_KEY", "nothing-at-all");
        Assert.DoesNotContain("nothing-at-all", (await unknown.RunAsync(slots: 2)).Expect(2).All, StringComparison.Ordinal);
        using var wrong = InBucket(Create());
        wrong.Replace($"s3://{_bucket}/", "s3://no-such-bucket/");
        (await wrong.RunAsync(slots: 2)).Expect(2).Saying("no such bucket").Saying(Server.Endpoint);
        Assert.All((Study[])[denied, unknown, wrong], static refused => Assert.False(Directory.Exists(refused.Dir)));
    }

    private static Study Create() => new Study()
        .Script("train.sh", Trainers.Deterministic)
        .Spec(Trainers.Spec(population: 6, intervals: 5, mode: "synchronous", seconds: 0.2, more: "exploit: { strategy: truncation, top: 0.34, bottom: 0.34 }\ncheckpoints:\n  keep_last: 1"));

    private Study InBucket(Study study)
    {
        if (File.Exists(study.SpecPath))
            File.AppendAllText(study.SpecPath, $"  store: s3://{_bucket}/runs\n  endpoint: {Server.Endpoint}\n");

        foreach (var (name, value) in S3Server.Environment)
            study.With(name, value);

        return study;
    }

    private static async Task<string> DigestAsync(Study study) => (await study.StatusAsync()).GetProperty("outcome_digest").GetString()!;

    private static bool Caches(Study study) =>
        Directory.Exists(Path.Combine(study.Dir, "checkpoints")) && Directory.GetFiles(Path.Combine(study.Dir, "checkpoints"), "state", SearchOption.AllDirectories).Length > 0;

    private static Task CompletedAsync(PostgresServer database, string address, int atLeast, Study study) => Eventually.HoldsAsync(
        $"{atLeast} intervals are completed",
        () => int.TryParse(
            Query(database, address, "SELECT count(*) FROM pbt.events WHERE type = 'interval_completed'"), System.Globalization.CultureInfo.InvariantCulture, out var count) && count >= atLeast,
        study.Describe,
        seconds: 90);

    private static string Query(PostgresServer database, string address, string sql)
    {
        try
        {
            return database.QueryAsync(sql, address.Split('/', '?')[3]).GetAwaiter().GetResult();
        }
        catch (InvalidOperationException)
        {
            // The tables are not made yet.
            return string.Empty;
        }
    }

    /// <summary>Whether an attempt of one worker began from a checkpoint that another worker had made for another member.</summary>
    private static bool InheritedAcross(string events)
    {
        const string Started = "attempt_started ";
        var makers = new Dictionary<long, string>();
        foreach (var line in events.Split('\n').Where(static line => line.StartsWith(Started, StringComparison.Ordinal)))
        {
            var started = Study.Parse(line[Started.Length..]);
            var worker = started.GetProperty("worker").GetString()!;
            var own = $"m{started.GetProperty("member").GetInt32():D4}/";
            makers[started.GetProperty("attempt").GetInt64()] = worker;
            if (started.TryGetProperty("checkpoint_in", out var given) && given.GetString() is { } checkpoint && !checkpoint.StartsWith(own, StringComparison.Ordinal)
                && !string.Equals(makers[long.Parse(checkpoint.Split("-a")[1], System.Globalization.CultureInfo.InvariantCulture)], worker, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A test that needs both servers.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class S3AndPostgresFactAttribute : FactAttribute
    {
        public S3AndPostgresFactAttribute() => Skip = S3Server.Missing ?? PostgresServer.Missing;
    }
}
