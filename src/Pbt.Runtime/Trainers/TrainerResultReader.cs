using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Runtime.Trainers;

/// <summary>Reads a trainer's result from JSON.</summary>
/// <remarks>
/// <para>
/// The score is the number under <c>score</c>, else under the objective's metric: as it is named, or along its dots, at the
/// top or in <c>metrics</c>. <c>NaN</c> and <c>Infinity</c>, which are no JSON but which Python writes, are understood:
/// as a score they make the interval fail, elsewhere they are left out.
/// </para>
/// <para>Limits: 1 MiB, 32 levels, 100,000 samples, 1,000 metrics with names of 500 characters. What exceeds them is no result.</para>
/// </remarks>
public static class TrainerResultReader
{
    /// <summary>The largest result that is read, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The deepest nesting of anything that a trainer writes as JSON.</summary>
    public const int MaxDepth = 32;

    private const int MaxSamples = 100_000;
    private const int MaxMetrics = 1_000;
    private const int MaxNameLength = 500;
    private const int MinTestSamples = 2;

    /// <summary>Reads a result.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <param name="spec">The study's spec: its objective, and whether its exploit needs samples.</param>
    public static ResultReading Read(string json, string source, StudySpec spec)
    {
        JsonDocument document;
        try
        {
            document = Parse(json);
        }
        catch (JsonException error)
        {
            return Invalid(FailureKind.InvalidResult, $"{source} is no JSON: {error.Message.TrimEnd('.')}; write an object such as {{\"score\": 1.5}}");
        }

        using (document)
        {
            try
            {
                return document.RootElement.ValueKind == JsonValueKind.Object
                    ? Read(document.RootElement, source, spec)
                    : Invalid(FailureKind.InvalidResult, $"{source} holds {Describe(document.RootElement)}; write an object such as {{\"score\": 1.5}}");
            }
            catch (InvalidOperationException)
            {
                // The parser lets an escape of half a surrogate pair through, and says so only when the text is taken.
                return Invalid(FailureKind.InvalidResult, $"{source} has a text with half a character in it (an unpaired surrogate); write well-formed Unicode");
            }
        }
    }

    private static ResultReading Read(JsonElement root, string source, StudySpec spec)
    {
        var metric = spec.Objective.Metric;
        if (FindScore(root, metric) is not { } found)
        {
            return Invalid(
                FailureKind.InvalidScore,
                $"{source} has neither \"score\" nor the objective's metric \"{metric}\"; it has {MetricNames.Nearest(root, metric)}");
        }

        if (found.ValueKind == JsonValueKind.Object && !root.TryGetProperty("score", out _))
        {
            return Invalid(
                FailureKind.InvalidScore,
                $"the objective's metric \"{metric}\" in {source} is an object; name one of its numbers: {MetricNames.Nearest(found, metric, metric + ".")}");
        }

        if (Number(found) is not { } score)
            return Invalid(FailureKind.InvalidScore, $"the score in {source} is {Describe(found)}; write a number");

        if (!double.IsFinite(score))
            return Invalid(FailureKind.InvalidScore, string.Create(CultureInfo.InvariantCulture, $"the score in {source} is {score}"));

        long? steps = null;
        if (root.TryGetProperty("steps", out var stepsElement))
        {
            if (!stepsElement.TryGetWholeNumber(out var whole) || whole < 0)
                return Invalid(FailureKind.InvalidResult, $"\"steps\" in {source} is {Describe(stepsElement)}; write a whole number, at least 0");

            steps = whole;
        }

        if (ReadSamples(root, source, out var samples) is { } problem)
            return problem;

        if (spec.Exploit is TTestExploit && samples.Length < MinTestSamples)
        {
            return Invalid(
                FailureKind.InvalidResult,
                $"{source} has {samples.Length} samples, and the t_test exploit compares at least {MinTestSamples}: write \"samples\": [the last episode returns]");
        }

        return ReadMetrics(root, source, out var metrics) is { } excess ? excess : new ResultReading.Valid(new TrainerResult(score, steps, samples, metrics));
    }

    private static ResultReading.Invalid Invalid(FailureKind kind, string reason) => new(kind, reason);

    private static JsonDocument Parse(string json)
    {
        var options = new JsonDocumentOptions { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow };
        try
        {
            return JsonDocument.Parse(json, options);
        }
        catch (JsonException) when (PythonNumbers.Quoted(json) is { } quoted)
        {
            return JsonDocument.Parse(quoted, options);
        }
    }

    private static JsonElement? FindScore(JsonElement root, string metric)
    {
        if (root.TryGetProperty("score", out var score))
            return score;

        if (Follow(root, metric) is { } top)
            return top;

        return root.TryGetProperty("metrics", out var metrics) && metrics.ValueKind == JsonValueKind.Object ? Follow(metrics, metric) : null;
    }

    /// <summary>Finds a value by its whole name, or by the longest name before a dot and then the rest.</summary>
    private static JsonElement? Follow(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object)
            return null;

        if (parent.TryGetProperty(name, out var direct))
            return direct;

        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            if (parent.TryGetProperty(name[..dot], out var child) && Follow(child, name[(dot + 1)..]) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>The number, with NaN and the infinities among them; null if it is none.</summary>
    private static double? Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetDouble(out var number) => number,
        JsonValueKind.String => element.GetString() switch
        {
            "NaN" or "-NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => null,
        },
        _ => null,
    };

    private static bool TryGetWholeNumber(this JsonElement element, out long whole)
    {
        whole = 0;
        if (Number(element) is not { } number || number != Math.Floor(number) || Math.Abs(number) > 1L << 53)
            return false;

        whole = (long)number;
        return true;
    }

    private static ResultReading.Invalid? ReadSamples(JsonElement root, string source, out ImmutableArray<double> samples)
    {
        samples = [];
        if (!root.TryGetProperty("samples", out var element) || element.ValueKind == JsonValueKind.Null)
            return null;

        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > MaxSamples)
            return Invalid(FailureKind.InvalidResult, $"\"samples\" in {source} is {Describe(element)}; write a list of at most {MaxSamples} numbers");

        var numbers = ImmutableArray.CreateBuilder<double>(element.GetArrayLength());
        foreach (var sample in element.EnumerateArray())
        {
            if (Number(sample) is not { } number || !double.IsFinite(number))
                return Invalid(FailureKind.InvalidResult, $"\"samples\" in {source} holds {Describe(sample)}; write finite numbers only");

            numbers.Add(number);
        }

        samples = numbers.MoveToImmutable();
        return null;
    }

    private static ResultReading.Invalid? ReadMetrics(JsonElement root, string source, out ImmutableSortedDictionary<string, double> metrics)
    {
        metrics = ImmutableSortedDictionary<string, double>.Empty;
        if (!root.TryGetProperty("metrics", out var element) || element.ValueKind != JsonValueKind.Object)
            return null;

        var read = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        Collect(element, prefix: string.Empty, read);
        if (read.Count > MaxMetrics)
            return Invalid(FailureKind.InvalidResult, $"\"metrics\" in {source} has more than {MaxMetrics} numbers; write the rest to $PBT_METRICS or to files of your own");

        if (read.Keys.FirstOrDefault(static name => name.Length > MaxNameLength) is { } longest)
            return Invalid(FailureKind.InvalidResult, $"a name in \"metrics\" in {source} has more than {MaxNameLength} characters: \"{Shorten(longest)}\"");

        metrics = read.ToImmutable();
        return null;
    }

    private static void Collect(JsonElement metrics, string prefix, ImmutableSortedDictionary<string, double>.Builder read)
    {
        foreach (var property in metrics.EnumerateObject())
        {
            if (read.Count > MaxMetrics)
                return;

            if (property.Value.ValueKind == JsonValueKind.Object)
                Collect(property.Value, prefix + property.Name + ".", read);
            else if (property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetDouble(out var number) && double.IsFinite(number))
                read[prefix + property.Name] = number;
            else if (property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
                read[prefix + property.Name] = property.Value.GetBoolean() ? 1 : 0;
        }
    }

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => $"the text \"{Shorten(element.GetString()!)}\"",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Null => "null",
        _ => Shorten(element.GetRawText()),
    };

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
