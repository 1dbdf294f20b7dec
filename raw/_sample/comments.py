"""The sentences of the two published cards, their numbers as named placeholders, and neutral ones beside.

`{name}` is filled in by the pipeline. `<name>` is filled in here, with the label of a month. A neutral
sentence is true whatever the numbers are.
"""

CARD_2009_01 = {
    "1": "Each quarter in 2008/09 has been below target level, at {quarter_1} [Apr - Jun], {quarter_2} [Jul - Sep] "
    "and {quarter_3} [Oct - Dec]. See paragraphs 13 - 21 of covering report regarding key activities to improve "
    "user satisfaction.",
    "2": "Satisfaction gap in individual quarters shows wide variation: {quarter_1} pp [Apr - Jun], {quarter_2} pp "
    "[Jul - Sep] and {quarter_3} pp [Oct - Dec]. See separate report regarding key activities to narrow the "
    "satisfaction gap.",
    "3": "Data for 12 months to Sep-08 is {change_on_previous_quarter}% points on the year to Jun-08 "
    "[{previous_quarter}]",
    "4a": "Res. burglary is {burglary_change} ({burglary_difference}), robbery is {robbery_change} "
    "({robbery_difference} offences) and MV crime is {vehicle_change} ({vehicle_difference}) over the rolling year",
    "4b": "Performance in February and March 2009 would now need to be around {required_rate} for this target to be "
    "met (a rate that has not been achieved in any previous month). Rolling year SD rates for component crimes "
    "(residential burglary, robbery and MV crime) are {burglary_rate}; {robbery_rate} and {vehicle_rate} "
    "respectively. See paragraphs 9 - 11 of covering report regarding activities to improve the serious "
    "acquisitive crime SD rate.",
    "5": "Data from Jan-08 onwards is provisional (late submissions may increase KSIs). Road fatalities have "
    "{killed_change} ({killed_difference} fatalities) over the RY to Jan-09",
    "6a": "2008/09 will create a baseline for future years following changes in classification practices. Rolling "
    "year variation in Most Serious Violence and Assault with Injury shown (MSV + AWI)",
    "6b": "Reflects Gun Crime excluding CS gas / pepper spray",
    "6c": "SD rate includes Assault with Injury, due to ongoing reclassifications between AWI and MSV. Rolling year "
    "SD rates for MSV+AWI, and for serious sexual offences, are {violence_rate} and {sexual_offences_rate} "
    "respectively",
    "7": "Target is being achieved over both the rolling year and the YTD (Apr - Jan 2008/09: {year_to_date})",
    "8": "Proxy measure for serious youth violence",
    "9a": "The number of agreed disruptions dropped in the month of Dec-08, however performance remains above target "
    "over the rolling year and YTD ({year_to_date})",
    "10": "The numbers of Class A SDs for the RY to Jan-09, and those relating specifically to cocaine/crack and "
    "heroin, have all {on_last_financial_year} compared to 2007/08 levels (monthly averages shown).",
    "CT": "to be reported separately to Performance Board",
    "Olympic": "to be monitored by the MPS Olympic Strategic Oversight Board and the MPA",
}

# Lines whose neutral sentence differs from that of the published card.
NEUTRAL_2008_09 = {
    "4a": "Serious acquisitive crime is residential burglary, robbery and MV crime together.",
    "4b": "Rolling year SD rates for component crimes (residential burglary, robbery and MV crime) are "
    "{burglary_rate}; {robbery_rate} and {vehicle_rate} respectively.",
    "6a": "2008/09 will create a baseline for future years following changes in classification practices.",
    "7": "The arrest rate over the YTD (<ytd> 2008/09) is {year_to_date}",
    "9a": "The monthly average over the YTD is {year_to_date}",
    "10": "The number of Class A SDs for the RY to <month> has {on_last_financial_year} compared to the 2007/08 level "
    "(monthly average shown).",
}

CARD_2009_08 = {
    "1a": "New Home Office confidence measure (BCS). Target shown is that agreed by MPS Confidence & Pride Board for "
    "2009/10. PSA milestone target is {milestone_2011} by Mar 2011, with the final target of {milestone_2012} by "
    "Mar 2012. MPS is {rank_england_and_wales} in E&W and {rank_msf} in MSF group.",
    "1b": "MPS is {rank_england_and_wales} in E&W and {rank_msf} in MSF group.",
    "2a": "Down marginally from {last_financial_year} for 2008/09. MPS is {rank_england_and_wales} in E&W and "
    "{rank_msf} in MSF group for rolling year to Jun-09.",
    "2b": "Difference between target and performance ({over_target}% pts) is now greater than the natural margin of "
    "error for this measure (+/- {margin_of_error}% pts), confirming that target is being missed. However the MPS "
    "satisfaction gap is similar to that across E&W as a whole ({england_and_wales})",
    "2c": "MPS is {rank_england_and_wales} in E&W and {rank_msf} in MSF group (using BCS data)",
    "3a": "MPS is {rank_msf} in its MSF group for 3 months to <before>.",
    "3a MSV+AWI": "MPS is {rank_msf} in its MSF group for 3 months to <before>.",
    "3b": "MPS is {rank_msf} in its MSF group for 12 months to <year>.",
    "3c": "MPS is {rank_msf} in its MSF group for 12 months to <before>.",
    "3d": "SD rate for YTD (<ytd-joined> 2009) is {year_to_date}. MPS is {rank_msf} in its MSF group for 12 months to "
    "<before>.",
    "4a": "Res. burglary is {burglary_change} ({burglary_difference} offences), robbery {robbery_change} "
    "({robbery_difference}) and MV crime {vehicle_change} ({vehicle_difference}) over the rolling year to <month>. "
    "MPS is {rank_msf} in its MSF group for overall serious acquisitive crime (12 months to <before>).",
    "4b": "An average of {year_to_date_average} disruptions were agreed in <ytd> 2009 against target monthly average "
    "of {target_average}",
    "4c": "The figure has fallen considerably since last month because Aug'08 ({dropped_out}) has dropped out of the "
    "rolling 12 month total. The average value of assets recovered Apr - Aug 2009 was {year_to_date_average} against "
    "target monthly average of {target_average}. There is considerable monthly variation - in the last 12 months the "
    "range is {highest_month} - {lowest_month}. SCD are monitoring performance against a predicted outturn of "
    "{predicted_outturn} for 2009/10 rather than the {target} corporate target and there may be some risk of "
    "underachievement (see also Appendix 2 CM20)",
    "4d": "Average of {year_to_date_average} SDs in <ytd> 2009 against target monthly average of {target_average}",
    "4d cocaine": "Average of {year_to_date_average} SDs in <ytd> 2009 against target monthly average of "
    "{target_average}",
    "4d heroin": "Average of {year_to_date_average} SDs in <ytd> 2009 against target monthly average of "
    "{target_average}",
    "4e": "Latest data is for 2008/09 - target of {reduction} reduction on 1994-98 baseline is being achieved "
    "(however figures for Jan - Mar 2009 are provisional).",
    "5a": "in development",
    "5b": "measure in development",
    "6a": "Savings forecast 2 yrs/end of 09/10 is {two_years_over_target} above target of {two_year_target}. Gov't set "
    "target has changed to reflect actual net relevant earnings for 07/08 while original target was based on "
    "estimated earnings for 07/08. 3 yr target (08/09-10/11) is {three_year_target}",
    "6b": "Down from {last_financial_year} for 2008/09 - MPS is {rank_england_and_wales} for forces in England & Wales",
    "6c": "Currently reported on a quarterly basis. For 2009/10, performance information will be available on eight "
    "ICT systems (performance information on all {systems_in_total} systems will not be available until 2010/11).",
}

NEUTRAL_2009_10 = {
    "2a": "The figure for 2008/09 was {last_financial_year}. MPS is {rank_england_and_wales} in E&W and {rank_msf} in "
    "MSF group for rolling year to <quarter>.",
    "2b": "The natural margin of error for this measure is +/- {margin_of_error}% pts. The satisfaction gap across E&W "
    "as a whole is {england_and_wales}",
    "4c": "<dropped> ({dropped_out}) has dropped out of the rolling 12 month total. The average value of assets "
    "recovered <ytd> 2009 was {year_to_date_average} against target monthly average of {target_average}. In the last "
    "12 months the range is {highest_month} - {lowest_month}. The predicted outturn is {predicted_outturn} for "
    "2009/10 against the {target} corporate target",
    "4e": "Latest data is for 2008/09 (figures for Jan - Mar 2009 are provisional).",
    "6a": "Two year target to the end of 09/10 is {two_year_target}. 3 yr target (08/09-10/11) is {three_year_target}",
    "6b": "The figure for 2008/09 was {last_financial_year} - MPS is {rank_england_and_wales} for forces in England & "
    "Wales",
}
