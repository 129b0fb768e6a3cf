using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Pbt.Backends.Jobs;
using Pbt.Core.Studies;
using Pbt.Storage;

namespace Pbt.Backends.Slurm;

/// <summary>Writes the batch script of a study's workers.</summary>
/// <remarks>
/// Pure. The script starts the worker in the background, so that it can pass on the signals that Slurm sends to it, and hands
/// over to a successor before the job's time is up. It is written for any POSIX shell, whatever options a template sets.
/// </remarks>
public static partial class SlurmScript
{
    /// <summary>What a template has where the worker is to be started.</summary>
    public const string WorkerPlaceholder = "{worker}";

    /// <summary>Passes signals on to the worker, and sees to what follows.</summary>
    private const string Signals = """
        pbt_is_preempted() { scontrol --oneliner show job "$SLURM_JOB_ID" | grep -q ' PreemptTime=[0-9]'; }
        pbt_tell() {
            pbt_told=$pbt_told$1
            if [ -n "$pbt_worker" ]; then kill -USR1 "$pbt_worker" 2>/dev/null || :; fi
        }
        pbt_await() {
            while :; do
                pbt_before=$pbt_told pbt_code=0
                wait "$pbt_worker" || pbt_code=$?
                if [ "$pbt_told" = "$pbt_before" ]; then break; fi
            done
        }
        pbt_leave() {
            case $pbt_code:$pbt_told in
                0:* | 2:* | 4:* | *:) ;;
                *u*) pbt_hand_over ;;
                *) if pbt_is_preempted; then pbt_hand_over; fi ;;
            esac
        }
        trap 'pbt_tell u' USR1
        trap 'pbt_tell t' TERM
        if [ "${SLURM_RESTART_COUNT:-0}" -gt 0 ] && pbt_others | grep -qx "$pbt_seat"; then
            echo "pbt: another worker has taken this one's place while it was to run again" >&2
            exit 0
        fi

        """ + "\n";

    /// <summary>The script.</summary>
    /// <param name="spec">How workers are to be.</param>
    /// <param name="study">The study's directory.</param>
    /// <param name="name">The jobs' name.</param>
    /// <param name="worker">The worker's program and arguments.</param>
    /// <param name="workers">How many workers the study is to have.</param>
    /// <param name="template">The text of the user's own script, or null.</param>
    /// <exception cref="InvalidRequestException">Slurm cannot be told of this directory, or the template is none.</exception>
    public static string Write(SlurmBackendSpec spec, StudyDirectory study, string name, IReadOnlyList<string> worker, int workers, string? template)
    {
        RequirePlain(study.Root, "the study's directory");
        foreach (var word in worker)
            RequirePlain(word, "the worker's command");

        var command = ShellText.Quote(worker);
        var atOnce = Math.Min(workers, spec.Throttle ?? workers);
        var head = $"{Directives(spec, study, name)}{HandOver(spec, name, atOnce)}{Signals}";
        if (template is null)
            return $"#!/bin/bash\n{head}{string.Concat(spec.Setup.Select(static line => line + "\n"))}{Start(command)}exit \"$pbt_code\"\n";

        return Fill(template, head, command, spec.Template ?? "the template");
    }

    /// <summary>A value that stands after <c>#SBATCH --option=</c>, whatever is in it.</summary>
    public static string QuoteDirective(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static void RequirePlain(string text, string what)
    {
        if (text.Any(char.IsControl))
            throw new InvalidRequestException($"{what} holds a line break or another control character, which no batch script can carry; use another path");

        // In the name of a job's output a backslash stands for itself nowhere.
        if (text.Contains('\\', StringComparison.Ordinal))
            throw new InvalidRequestException($"{what} holds a backslash, which Slurm cannot carry in a path; use another path");
    }

    private static StringBuilder Directives(SlurmBackendSpec spec, StudyDirectory study, string name)
    {
        var text = new StringBuilder();
        void Add(string option, string? value)
        {
            if (value is not null)
                text.Append(CultureInfo.InvariantCulture, $"#SBATCH --{option}={value}\n");
        }

        Add("job-name", name);
        Add("comment", QuoteDirective(study.Root));
        Add("output", QuoteDirective($"{study.Logs.Replace("%", "%%", StringComparison.Ordinal)}/slurm-%A_%a.log"));
        Add("open-mode", "append");
        Add("signal", string.Create(CultureInfo.InvariantCulture, $"B:USR1@{Math.Ceiling(spec.SignalAhead.TotalSeconds)}"));
        text.Append(spec.Requeue ? "#SBATCH --requeue\n" : "#SBATCH --no-requeue\n");
        Add("partition", Quoted(spec.Partition));
        Add("account", Quoted(spec.Account));
        Add("qos", Quoted(spec.Qos));
        Add("time", spec.Time is { } time ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes)}") : null);
        Add("nodes", spec.Nodes?.ToString(CultureInfo.InvariantCulture));
        Add("cpus-per-task", spec.CpusPerWorker?.ToString(CultureInfo.InvariantCulture));
        Add("mem", spec.Memory);
        List<string> gres = [.. spec.Gpus is { } gpus ? [$"gpu:{gpus}"] : Array.Empty<string>(), .. spec.Gres];
        Add("gres", gres.Count == 0 ? null : string.Join(',', gres));
        Add("constraint", Quoted(spec.Constraint));
        foreach (var directive in spec.Directives)
            text.Append(CultureInfo.InvariantCulture, $"#SBATCH {directive}\n");

        return text;
    }

    private static string? Quoted(string? value) => value is null ? null : QuoteDirective(value);

    /// <summary>What the script does about the end of its time.</summary>
    private static string HandOver(SlurmBackendSpec spec, string name, int atOnce) => $$"""

        # GPUs are those that Slurm has given to the job; where it has given none, there are none.
        export CUDA_VISIBLE_DEVICES="${CUDA_VISIBLE_DEVICES-}"

        # The worker is told ahead of the job's end, gives back what it runs, and ends; then another job takes its place.
        pbt_seat=$SLURM_ARRAY_TASK_ID pbt_in_vain=${1:-0} pbt_worker='' pbt_told='' pbt_code=3
        pbt_others() { # the other workers of the study that wait or run, by the places they have
            squeue --noheader --array --all --user="$(id -un)" --name={{name}} --states=PENDING,CONFIGURING,RUNNING,SUSPENDED --format='%K %i' |
                grep -v " ${SLURM_ARRAY_JOB_ID}_$pbt_seat\$" | cut -d' ' -f1 | sort -u
        }
        pbt_hand_over() {
            case $pbt_code in 3) pbt_in_vain=0 ;; *) pbt_in_vain=$((pbt_in_vain + 1)) ;; esac
            if [ "$pbt_in_vain" -gt {{spec.Replacements}} ]; then
                echo "pbt: no successor: $pbt_in_vain workers in a row have reached the end of their time before the study completed an interval (backend.replacements, backend.time)" >&2
                return
            fi
            pbt_try=0
            while [ "$pbt_try" -lt 60 ]; do # the controller may be away: until it is back, or the job is killed
                pbt_taken=$(pbt_others) || :
                if echo "$pbt_taken" | grep -qx "$pbt_seat" || [ "$(echo "$pbt_taken" | grep -c .)" -ge {{atOnce}} ]; then
                    echo "pbt: no successor is needed: another worker has its place" >&2
                    pbt_code=0
                    return
                fi
                pbt_try=$((pbt_try + 1))
                # A job that runs again waits longer than a new one, but may do so where jobs may not submit jobs.
                if sbatch --parsable --array="$pbt_seat" "$0" "$pbt_in_vain" >&2 || { [ "$pbt_try" -ge 3 ] && scontrol requeue "$SLURM_JOB_ID" >&2; }; then
                    pbt_code=0
                    return
                fi
                sleep 1
            done
            echo "pbt: no successor could be submitted" >&2
        }
        """ + "\n";

    /// <summary>Starts the worker and sees it to its end.</summary>
    /// <param name="line">The line that runs it.</param>
    private static string Start(string line) => $$"""
        if [ -z "$pbt_told" ]; then
            {{line}} &
            pbt_worker=$!
            if [ -n "$pbt_told" ]; then pbt_tell ''; fi
            pbt_await
        fi
        pbt_leave

        """;

    /// <summary>The user's script with what pbt needs in it.</summary>
    private static string Fill(string template, string head, string command, string path)
    {
        var lines = template.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n').Split('\n').ToList();
        if (!Shebang().IsMatch(lines[0]))
            throw Wrong(path, "its first line has to be #!/bin/bash or #!/bin/sh, which runs it");

        var at = lines.FindIndex(static line => line.Contains(WorkerPlaceholder, StringComparison.Ordinal) && !line.TrimStart().StartsWith('#'));
        if (at < 0)
            throw Wrong(path, $"it does not start the worker: write a line {WorkerPlaceholder}, or one such as `srun {WorkerPlaceholder}`");

        if (lines.FindIndex(at + 1, static line => line.Contains(WorkerPlaceholder, StringComparison.Ordinal) && !line.TrimStart().StartsWith('#')) > 0)
            throw Wrong(path, $"it has {WorkerPlaceholder} more than once; each job is one worker");

        var line = lines[at].Trim();
        if (line.EndsWith('&') || line.EndsWith('\\') || line.EndsWith(';') || line.EndsWith('|') || (at > 0 && lines[at - 1].EndsWith('\\')))
            throw Wrong(path, $"the command with {WorkerPlaceholder} has to be on a line of its own, which pbt starts in the background to pass signals on to it");

        lines[at] = Start(line.Replace(WorkerPlaceholder, command, StringComparison.Ordinal)).TrimEnd('\n');
        var first = lines.FindIndex(static l => l.Trim() is { Length: > 0 } text && text[0] != '#');
        lines.Insert(first, head.TrimEnd('\n'));
        return string.Join('\n', lines) + "\n";
    }

    private static InvalidRequestException Wrong(string path, string why) => new($"backend.template: {path} is no script for a worker: {why}");

    [GeneratedRegex(@"^#!\s*/\S*/(env\s+)?(ba|da)?sh(\s|$)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Shebang();
}
