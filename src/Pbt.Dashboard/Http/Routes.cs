using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Dashboard.Live;
using Pbt.Dashboard.Pages;
using Pbt.Dashboard.Telemetry;

namespace Pbt.Dashboard.Http;

/// <summary>What the server answers to which path.</summary>
/// <remarks>Studies, members and attempts are named by numbers, so that no path of the request ever becomes one of a file.</remarks>
/// <param name="page">The page.</param>
/// <param name="feeds">The studies.</param>
/// <param name="guard">Decides which requests are answered.</param>
/// <param name="stream">Sends what is new.</param>
/// <param name="stopping">Cancelled when the server ends.</param>
internal sealed class Routes(WebPage page, IReadOnlyList<StudyFeed> feeds, RequestGuard guard, EventStream stream, CancellationToken stopping)
{
    /// <summary>Tells the application.</summary>
    public void Map(WebApplication application)
    {
        application.Use(GuardAsync);
        application.UseRouting();
        foreach (var file in page.Files)
            application.MapGet(file.Path, context => SendFileAsync(context, file));

        application.MapGet("/api/access", AccessAsync);
        application.MapGet("/api/stream", StreamAsync);
        application.MapGet(RequestGuard.Metrics, MetricsAsync);
        application.MapGet("/api/studies/{study:int}/members/{member:int}", MemberAsync);
        application.MapPost("/api/studies/{study:int}/pause", context => ControlAsync(context, static (transaction, _) => StudyControl.Pause(transaction)));
        application.MapPost("/api/studies/{study:int}/resume", context => ControlAsync(context, static (transaction, study) => StudyControl.Resume(transaction, study.IsAlive)));
        application.MapPost("/api/studies/{study:int}/stop", context => ControlAsync(context, static (transaction, _) => StudyControl.Stop(transaction), StoppedAsync));
        application.UseEndpoints(static _ => { });
        application.Run(static context => RefuseAsync(context, new Refusal(StatusCodes.Status404NotFound, "there is nothing here")));
    }

    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = WebPage.ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";

        var request = context.Request;
        var facts = new RequestFacts(
            request.Method, request.Path, request.Host.Value ?? string.Empty, One(request.Headers.Origin), One(request.Headers["Sec-Fetch-Site"]), AccessToken.In(request.Headers));
        if (guard.Check(facts) is { } refusal)
        {
            await RefuseAsync(context, refusal);
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception error) when (error is PbtException or IOException && !context.Response.HasStarted)
        {
            await RefuseAsync(context, new Refusal(StatusCodes.Status503ServiceUnavailable, error.Message));
        }
    }

    private static string? One(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 0 ? null : values.ToString();

    private static async Task SendFileAsync(HttpContext context, PageFile file)
    {
        context.Response.ContentType = file.ContentType;
        context.Response.ContentLength = file.Content.Length;
        await context.Response.Body.WriteAsync(file.Content, context.RequestAborted);
    }

    private Task AccessAsync(HttpContext context)
    {
        var token = AccessToken.In(context.Request.Headers);
        return SendJsonAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("read", guard.MayRead(token));
            writer.WriteBoolean("control", guard.MayControl(token));
            writer.WriteEndObject();
            return true;
        });
    }

    private async Task StreamAsync(HttpContext context)
    {
        if (EventStream.ParseWatched(context.Request.Query["watch"].ToString(), feeds.Count) is not { } watched)
        {
            await RefuseAsync(context, new Refusal(StatusCodes.Status400BadRequest, "watch is STUDY@GENERATION.VERSION[,…]"));
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await stream.SendAsync(context.Response, watched, either.Token);
    }

    /// <summary>What a Prometheus server reads; <c>?members=false</c> leaves out what there is of each member.</summary>
    private async Task MetricsAsync(HttpContext context)
    {
        if (context.Request.Query["members"].ToString() is not ("" or "true" or "false") and var given)
        {
            await RefuseAsync(context, new Refusal(StatusCodes.Status400BadRequest, $"members is true or false, not '{given}'"));
            return;
        }

        var withMembers = context.Request.Query["members"] != "false";
        context.Response.ContentType = PrometheusText.ContentType;
        await context.Response.WriteAsync(PrometheusText.Write(feeds.SelectMany(feed => feed.Samples(withMembers))), context.RequestAborted);
    }

    private async Task MemberAsync(HttpContext context)
    {
        if (FeedOf(context) is not { } feed || !TryNumber(context.GetRouteValue("member"), out int member) || !TryAttempt(context.Request.Query, member, out var attempt) ||
            !await SendJsonAsync(context, writer => feed.TryWriteMember(writer, member, attempt)))
            await RefuseAsync(context, new Refusal(StatusCodes.Status404NotFound, "there is no such study, member or attempt"));
    }

    private async Task ControlAsync(HttpContext context, Func<StudyTransaction, WatchedStudy, ControlOutcome> change, Func<WatchedStudy, Task<string?>>? afterwards = null)
    {
        if (FeedOf(context) is not { } feed)
        {
            await RefuseAsync(context, new Refusal(StatusCodes.Status404NotFound, "there is no such study"));
            return;
        }

        var committed = await feed.Study.Store.TransactAsync(
            transaction => transaction.State.Exists ? change(transaction, feed.Study) : ControlOutcome.Refused("was never created"), context.RequestAborted);
        var outcome = committed.Value;
        if (outcome.Applied && afterwards is not null && await afterwards(feed.Study) is { } said)
            outcome = ControlOutcome.Done($"{outcome.Text}. {said}");

        context.Response.StatusCode = outcome.Applied ? StatusCodes.Status200OK : StatusCodes.Status409Conflict;
        await SendJsonAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("applied", outcome.Applied);
            writer.WriteString("text", outcome.Text);
            writer.WriteEndObject();
            return true;
        });
    }

    /// <summary>What is to be done for a stopped study is done, also when its page is closed meanwhile.</summary>
    private async Task<string?> StoppedAsync(WatchedStudy study)
    {
        try
        {
            return await study.OnStopped(stopping);
        }
        catch (InvalidRequestException error)
        {
            return error.Message;
        }
    }

    private StudyFeed? FeedOf(HttpContext context) =>
        TryNumber(context.GetRouteValue("study"), out int study) && study < feeds.Count ? feeds[study] : null;

    /// <summary>The attempt that the query asks for, or null for the latest; false if the query makes no sense.</summary>
    private static bool TryAttempt(IQueryCollection query, int member, out CheckpointId? attempt)
    {
        attempt = null;
        if (!query.ContainsKey("attempt"))
            return true;

        if (!TryNumber(query["interval"].ToString(), out int interval) || !TryNumber(query["attempt"].ToString(), out long number))
            return false;

        attempt = new CheckpointId(new MemberId(member), interval, new AttemptId(number));
        return true;
    }

    private static bool TryNumber<T>(object? text, out T number)
        where T : struct, System.Numerics.INumber<T>
    {
        number = default;
        return text is string digits && T.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static async Task<bool> SendJsonAsync(HttpContext context, Func<Utf8JsonWriter, bool> write)
    {
        using var json = new JsonBuffer();
        if (!json.Make(write))
            return false;

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Written.Length;
        await context.Response.Body.WriteAsync(json.Written, context.RequestAborted);
        return true;
    }

    private static async Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(Core.Wording.Words.OneLine(refusal.Reason) + "\n");
    }
}
