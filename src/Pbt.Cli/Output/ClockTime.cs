using System.Globalization;

namespace Pbt.Cli.Output;

/// <summary>Times on the user's clock.</summary>
internal static class ClockTime
{
    /// <summary>A time of day.</summary>
    public static string TimeOfDay(DateTimeOffset time, TimeProvider clock) =>
        TimeZoneInfo.ConvertTime(time, clock.LocalTimeZone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A date and a time of day.</summary>
    public static string DateAndTime(DateTimeOffset time, TimeProvider clock) =>
        TimeZoneInfo.ConvertTime(time, clock.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
