: filter OUTPUT,INPUT,FORWARD
-m iprange --src-range 10.0.0.1-10.0.0.9      ; = ; OK
    src=10.0.0.0 ; no
    src=10.0.0.1 ; yes
    src=10.0.0.9 ; yes
    src=10.0.0.10 ; no
    src=10.0.0.9 frag=7 ; yes
    src=10.0.0.9 path=forward ; yes
    src=10.0.0.10 path=input ; no
-m iprange ! --src-range 10.0.0.1-10.0.0.9    ; = ; OK
    src=10.0.0.1 ; no
    src=10.0.0.9 ; no
    src=10.0.0.10 ; yes
    src=9.255.255.255 ; yes
-m iprange --dst-range 10.0.1.255-10.0.2.1    ; = ; OK
    dst=10.0.1.254 ; no
    dst=10.0.1.255 ; yes
    dst=10.0.2.1 ; yes
    dst=10.0.2.2 ; no
-m iprange --src-range 10.0.0.1-10.0.0.1 ! --dst-range 10.1.0.0-10.1.0.255 ; = ; OK
    src=10.0.0.1 dst=10.0.255.255 ; yes
    src=10.0.0.1 dst=10.1.0.7 ; no
    src=10.0.0.2 dst=10.2.0.7 ; no
-m iprange --src-range 0.0.0.0-255.255.255.255 ; = ; OK
    src=10.0.0.1 ; yes
-m iprange ! --src-range 0.0.0.0-255.255.255.255 ; = ; OK
    src=10.0.0.1 ; no
-m iprange --dst-range 10.0.0.5               ; -m iprange --dst-range 10.0.0.5-10.0.0.5 ; OK
    dst=10.0.0.5 ; yes
    dst=10.0.0.6 ; no
-m iprange --src-range 10.0.0.9-10.0.0.1      ; = ; OK      # upside down: never true
    src=10.0.0.5 ; no
    src=10.0.0.9 ; no
-m iprange ! --src-range 10.0.0.9-10.0.0.1    ; = ; OK
    src=10.0.0.5 ; yes
-p tcp -m iprange --src-range 10.0.0.1-10.0.0.9 -m tcp --dport 80 ; = ; OK
    tcp dport=80 len=30 src=10.0.0.10 ; no       # stops before the header is missed
    tcp dport=80 len=30 src=10.0.0.9 ; hotdrop
patch 64 00                                   ; -p tcp -m iprange -m tcp --dport 80 ; OK
    tcp dport=80 src=10.0.9.9 ; yes
6 -m iprange --src-range 2001:db8::5-2001:db8::ff ; = ; OK
    src=2001:db8::4 ; no
    src=2001:db8::5 ; yes
    src=2001:db8::ff ; yes
    src=2001:db8::100 ; no
    src=2001:db8:0:1::10 ; no
    src=2001:db8::5 frag=3 ; yes
    src=2001:db8::5 path=forward ; yes
    src=2001:db8::4 path=input ; no
6 -m iprange ! --src-range 2001:db8::5-2001:db8::ff ; = ; OK
    src=2001:db8::4 ; yes
    src=2001:db8::5 ; no
    src=2001:db8::ff ; no
    src=2001:db8::100 ; yes
6 -m iprange --src-range 2001:db8:1:2:3:4:5:6-2001:dba:9:8:7:6:5:4 ; = ; OK
    src=2001:db8:1:2:3:4:5:5 ; no
    src=2001:db8:1:2:3:4:5:6 ; yes
    src=2001:db8:1:2:3:4:6:0 ; yes
    src=2001:db8:1:2:ffff:: ; yes
    src=2001:db8:1:1:ffff:: ; no
    src=2001:db9:: ; yes
    src=2001:dba:9:8:7:6:5:4 ; yes
    src=2001:dba:9:8:7:6:5:5 ; no
    src=2001:dba:9:8:7:7:: ; no
    src=2001:dba:9:7:ffff:: ; yes
6 -m iprange ! --dst-range 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff --src-range 2001:db8::1-2001:db8::1 ; -m iprange --src-range 2001:db8::1-2001:db8::1 ! --dst-range 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff ; OK
    src=2001:db8::1 dst=2001:db9:: ; yes
    src=2001:db8::1 dst=2001:db7:ffff:ffff:ffff:ffff:ffff:ffff ; yes
    src=2001:db8::1 dst=2001:db8:: ; no
    src=2001:db8::1 dst=2001:db8:ffff:ffff:ffff:ffff:ffff:ffff ; no
    src=2001:db8::2 dst=2001:db9:: ; no
6 -m iprange --src-range ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ; = ; OK
    src=2001:db8::1 ; yes
6 -m iprange --src-range 2001:db8::ff-2001:db8::5 ; = ; OK
    src=2001:db8::7 ; no
6 -m iprange --src-range ::1.2.3.4-::ffff:1.2.3.4 ; = ; OK
-m iprange --src-range 10.0.0.256-10.0.1.1    ;   ; FAIL iprange
-m iprange                                    ;   ; FAIL iprange
-m iprange --src-range 10.0.0.1-              ;   ; FAIL iprange
6 -m iprange --src-range 10.0.0.1-10.0.0.2    ;   ; FAIL iprange
bytes 0a 00 00 01                             ;   ; FAIL 4 bytes of data, expected 68
