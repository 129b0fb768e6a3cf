using System.Runtime.CompilerServices;

namespace Pbt.Cli.Output;

/// <summary>Chooses how a study is shown.</summary>
internal static class StudyView
{
    /// <summary>A live view on a terminal, plain lines elsewhere.</summary>
    public static IStudyView For(CliServices services) =>
        services.IsInteractive && Live(services) is { } live ? live : new PlainView(services.Out, services.Time);

    // A method of its own, so that nothing loads Spectre.Console where nothing needs it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static LiveView? Live(CliServices services) => LiveView.TryOn(services.Out, services.Time);
}
