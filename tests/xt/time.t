: filter OUTPUT,INPUT,FORWARD
# What holds or fails at any time from 2020 to 2038; boundaries are in tests/xt/stateful_test.cpp and in the aim.
-m time                                       ; -m time --datestop 2038-01-19T03:14:07 ; OK
    tcp                                       ; yes
    udp frag=2 path=forward                   ; yes
-m time --datestart 2020                      ; -m time --datestart 2020-01-01T00:00:00 --datestop 2038-01-19T03:14:07 ; OK
    tcp                                       ; yes
-m time --datestop 2020-02-29T23:59:59        ; = ; OK
    tcp                                       ; no
-m time --datestart 2037-12-31T00:00:00 --datestop 2038-01-19T03:14:07 ; = ; OK
    tcp path=input                            ; no
-m time --timestart 00:00 --timestop 23:59:58 ; -m time --timestart 00:00:00 --timestop 23:59:58 --datestop 2038-01-19T03:14:07 ; OK
-m time --timestart 12:00 --timestop 11:59:59 ; -m time --timestart 12:00:00 --timestop 11:59:59 --datestop 2038-01-19T03:14:07 ; OK
    tcp                                       ; yes         # nothing lies strictly between
-m time --timestart 12:00 --timestop 12:00    ; -m time --timestart 12:00:00 --timestop 12:00:00 --datestop 2038-01-19T03:14:07 ; OK
    tcp                                       ; yes
-m time --timestart 12:00 --timestop 11:59:59 --contiguous ; -m time --timestart 12:00:00 --timestop 11:59:59 --datestop 2038-01-19T03:14:07 --contiguous ; OK
    tcp                                       ; yes
-m time ! --weekdays Mon                      ; -m time --weekdays Tue,Wed,Thu,Fri,Sat,Sun --datestop 2038-01-19T03:14:07 ; OK
-m time --monthdays 31,1,15                   ; -m time --monthdays 1,15,31 --datestop 2038-01-19T03:14:07 ; OK
-m time --datestart 2020 --kerneltz           ; -m time --datestart 2020-01-01T00:00:00 --datestop 2038-01-19T03:14:07 --kerneltz ; OK
    tcp                                       ; yes
6 -m time --datestart 2020                    ; -m time --datestart 2020-01-01T00:00:00 --datestop 2038-01-19T03:14:07 ; OK
    tcp                                       ; yes
    tcp path=forward                          ; yes
-m time --kerneltz --timestart 09:00          ; -m time --timestart 09:00:00 --timestop 23:59:59 --datestop 2038-01-19T03:14:07 --kerneltz ; OK
-m time --kerneltz --timestart 09:00 --timestop 08:00 --contiguous ; -m time --timestart 09:00:00 --timestop 08:00:00 --datestop 2038-01-19T03:14:07 --kerneltz --contiguous ; OK
-m time                                       ; -m time --datestop 2038-01-19T03:14:07 ; OK
patch 20 00                                   ; -m time --weekdays  --datestop 2038-01-19T03:14:07 ; OK     # no day of the week
    tcp                                       ; no
patch 16 01 00 00 00                          ; -m time --monthdays  --datestop 2038-01-19T03:14:07 ; OK
    tcp                                       ; no
patch 16 ff ff ff ff                          ; -m time --monthdays 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31 --datestop 2038-01-19T03:14:07 ; OK
    tcp                                       ; yes
patch 4 00 00 00 00                           ; -m time ; OK           # ends as 1970 begins
    tcp                                       ; no
patch 8 80 51 01 00                           ;  ; FAIL times of day 86400
patch 12 80 51 01 00                          ;  ; FAIL times of day 0 and 86400
patch 21 04                                   ;  ; FAIL flags 0x4
patch 21 02                                   ;  ; FAIL contiguous times of day
-m time --timestart 24:00                     ;  ; FAIL invalid time
-m time --monthdays 32                        ;  ; FAIL not a valid day
bytes 00                                      ;  ; FAIL 1 bytes of data, expected 24
